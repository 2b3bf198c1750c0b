package bench

import "testing"

func BenchmarkPostgres(b *testing.B) {
	s, err := StartServer()
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := s.Stop(); err != nil {
			b.Error(err)
		}
	}()
	b.Run("append", s.Append(64))
	b.Run("append/raw", s.RawAppend(64))
	b.Run("runtime", s.Durable(64))
	p, err := s.MakePast(100_000)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("read", p.Read)
	b.Run("read/raw", p.RawRead)
	b.Run("rebuild", p.Rebuild)
	b.Run("rebuild/raw", p.RawDecode)
}
