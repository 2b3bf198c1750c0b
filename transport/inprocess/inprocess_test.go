package inprocess_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/inprocess"
	"github.com/landfall-go/landfall/transport/transporttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTransport(t *testing.T) {
	transporttest.Run(t, transporttest.Features{Open: func(t *testing.T) transporttest.Road {
		bus := inprocess.New()
		return transporttest.Road{
			Connect: func(*testing.T) transport.Transport { return bus.Connect() },
			Lose:    func(*testing.T) { bus.Lose() },
		}
	}})
}
