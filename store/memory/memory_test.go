package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
	"github.com/landfall-go/landfall/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	storetest.Run(t, storetest.Features{
		Create: func(testing.TB) func() (store.Store, error) {
			return func() (store.Store, error) { return memory.New(), nil }
		},
	})
}
