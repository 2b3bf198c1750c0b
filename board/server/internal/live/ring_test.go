package live

import "testing"

// TestKeep keeps what is new, in order, and of what is old neither too many operations
// nor too many bytes.
func TestKeep(t *testing.T) {
	small, large, huge := make([]byte, 100), make([]byte, recentBytes/10), make([]byte, 2*recentBytes)
	for name, of := range map[string]func(seq uint64) *op{
		"small": func(uint64) *op { return &op{public: small} },
		"large": func(uint64) *op { return &op{own: map[string][]byte{"ann": large, "ben": small}} },
		"huge":  func(uint64) *op { return &op{public: huge} },
		"mixed": func(seq uint64) *op { return &op{public: [][]byte{small, large}[seq%50/49]} },
	} {
		t.Run(name, func(t *testing.T) {
			b := &Board{}
			for seq := uint64(1); seq <= 3*recent; seq++ {
				o := of(seq)
				o.seq = seq
				b.keep(o)
				bytes := 0
				for i, kept := range b.ring {
					if kept.seq != seq-uint64(len(b.ring)-1-i) {
						t.Fatalf("after %d, number %d of %d is %d", seq, i, len(b.ring), kept.seq)
					}
					bytes += len(kept.public)
					for _, own := range kept.own {
						bytes += len(own)
					}
				}
				if bytes != b.ringBytes || len(b.ring) > recent || bytes > recentBytes && len(b.ring) > 1 {
					t.Fatalf("after %d, %d operations of %d bytes are kept, and %d were counted", seq, len(b.ring), bytes, b.ringBytes)
				}
			}
			if name == "small" && len(b.ring) < recent/2 {
				t.Errorf("only %d are kept", len(b.ring))
			}
		})
	}
}
