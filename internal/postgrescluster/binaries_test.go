package postgrescluster

import (
	"errors"
	"strings"
	"testing"
)

func TestMissing(t *testing.T) {
	_, err := find("no-such-program-of-postgresql")
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "apt-get install postgresql") {
		t.Errorf("error %v does not say what to install", err)
	}
}

func TestFindsNewest(t *testing.T) {
	if old, young := versionOf("/usr/lib/postgresql/9.6/bin/initdb"), versionOf("/usr/lib/postgresql/15/bin/initdb"); old != 9 || young != 15 {
		t.Errorf("versions %d and %d, want 9 and 15", old, young)
	}
}
