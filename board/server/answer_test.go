package server

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/landfall-go/landfall/store"
)

// TestFailed says what to do about a disk that does not do its part.
func TestFailed(t *testing.T) {
	at := func(why error) error {
		return fmt.Errorf("land: %w", &fs.PathError{Op: "open", Path: "/home/ann/secret/shop.storm", Err: why})
	}
	for _, c := range []struct {
		err  error
		says string
	}{
		{at(syscall.EACCES), "shop.storm: the server may not read or write there: change the permissions"},
		{at(syscall.EROFS), "shop.storm: the server may not read or write there: change the permissions"},
		{at(syscall.ENOSPC), "shop.storm: the server's disk is full: make room"},
		{fmt.Errorf("append: %w", store.ErrFull), "the server's disk is full: make room"},
		{fmt.Errorf("open: %w", store.ErrCorrupt), "the file of the session is damaged: restore it"},
	} {
		_, _, message := explain(failed(c.err))
		if !strings.HasPrefix(message, c.says) {
			t.Errorf("of %v a person is told %q", c.err, message)
		}
	}
	if other := errors.New("other"); failed(other) != other {
		t.Error("another error was explained")
	}
}
