package bench

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	if child, err := Child(); child {
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func BenchmarkHop(b *testing.B) {
	for _, what := range []Crossing{Events, EventBatches, Commands} {
		b.Run(what.String(), func(b *testing.B) {
			for range b.N {
				h, err := Hop(b.TempDir(), what, 50_000)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(h.Messages, "messages/s")
				b.ReportMetric(h.Accepted, "accepted/s")
				for i, process := range []string{"sender", "broker", "receiver"} {
					b.ReportMetric(h.Processor[i], "µs-"+process)
				}
			}
		})
	}
}

func BenchmarkStoreRate(b *testing.B) {
	for _, stores := range []int{1, 2} {
		b.Run(fmt.Sprintf("stores=%d", stores), func(b *testing.B) {
			for range b.N {
				rate, err := StoreRate(b.TempDir(), stores, 50_000)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(rate, "events/s")
			}
		})
	}
}

func BenchmarkLatency(b *testing.B) {
	for _, what := range []Crossing{Events, Commands} {
		for _, waits := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s,waits=%v", what, waits), func(b *testing.B) {
				for range b.N {
					l, err := Latency(b.TempDir(), what, waits, 100)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(Percentile(l.Accepted, 50).Microseconds()), "µs-median")
					b.ReportMetric(float64(Percentile(l.Accepted, 99).Microseconds()), "µs-p99")
					b.ReportMetric(float64(Percentile(l.Sent, 50).Microseconds()), "µs-median-from-sent")
				}
			})
		}
	}
}

func BenchmarkBroker(b *testing.B) {
	for _, aggregates := range []int{100, 100_000} {
		b.Run(fmt.Sprintf("aggregates=%d", aggregates), func(b *testing.B) {
			for range b.N {
				m, err := MemoryOfBroker(b.TempDir(), aggregates, 100_000)
				if err != nil {
					b.Fatal(err)
				}
				b.Logf("%+v", m)
			}
		})
	}
}
