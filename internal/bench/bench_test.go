package bench

import "testing"

func BenchmarkMemory(b *testing.B) { Memory(b) }
