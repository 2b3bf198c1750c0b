package postgrescluster_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall/internal/postgrescluster"
)

// parent, when set in the environment, has the test binary start a cluster and
// wait to be killed.
const parent = "LANDFALL_TEST_CLUSTER_PARENT"

func beParent() {
	c, err := postgrescluster.Start(context.Background(), postgrescluster.Options{Fast: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(c.URL("postgres"))
	time.Sleep(time.Minute)
	os.Exit(1)
}

// TestParentKilled kills the process that has started a cluster. The server
// ends too.
func TestParentKilled(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), parent+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	url = strings.TrimSpace(url)
	answers := func() bool {
		c, err := pgx.Connect(context.Background(), url)
		return err == nil && c.Close(context.Background()) == nil
	}
	if err != nil || !answers() {
		t.Errorf("the server at %q does not answer: %v", url, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
	late := time.Now().Add(10 * time.Second)
	for answers() {
		if time.Now().After(late) {
			t.Fatal("the server goes on")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
