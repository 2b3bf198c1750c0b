package bench

import "testing"

func BenchmarkMemory(b *testing.B) { Memory(b) }

func BenchmarkByHand(b *testing.B) {
	b.Run("encode", ByHand(true))
	b.Run("plain", ByHand(false))
}

func BenchmarkDurable(b *testing.B) {
	b.Run("callers=1", Durable(1, Driver()))
	b.Run("callers=64", Durable(64, Driver()))
	b.Run("callers=64,following", Durable(64))
}

func BenchmarkRawAppend(b *testing.B) {
	b.Run("perTransaction=1", RawAppend(1))
	b.Run("perTransaction=64", RawAppend(64))
}

func BenchmarkChain(b *testing.B) { Chain(b) }

func BenchmarkAged(b *testing.B) {
	b.Run("events=10", Aged(10))
	b.Run("events=100000", Aged(100_000))
}

func BenchmarkStorm(b *testing.B) {
	b.Run("parse", StormParse)
	b.Run("go/parser", GoParse)
	b.Run("check", StormCheck)
	b.Run("draw", StormDraw)
}

func BenchmarkRebuild(b *testing.B) {
	h, err := MakeHistory(b.TempDir(), 100_000)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("runtime", Rebuild(h))
	b.Run("raw", RawRead(h))
}
