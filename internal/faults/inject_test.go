//go:build linux

package faults

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/transporttest"
)

const ms = time.Millisecond

// two is two instances of each module.
var two = map[string]int{ordersName: 2, paymentsName: 2, shippingName: 2}

// faults are all ways to break the system.
var faults = []fault{
	{name: "nothing, on SQLite", inject: func(w *world) { time.Sleep(time.Second) }},
	{name: "nothing, on PostgreSQL", layout: layout{postgres: true, instances: two}, inject: func(w *world) { time.Sleep(time.Second) }},
	{name: "kill -9 of a module", inject: killOne},
	{name: "kill -9 of several modules", inject: killSeveral},
	{name: "kill -9 of an instance", layout: layout{postgres: true, instances: two}, inject: killOne},
	{name: "kill -9 of several instances", layout: layout{postgres: true, instances: two}, inject: killSeveral},
	{name: "PostgreSQL restarted", layout: layout{postgres: true, instances: two}, inject: func(w *world) {
		w.must(w.cluster.Restart(context.Background()))
		w.kills++
	}},
	{name: "kill -9 of PostgreSQL", layout: layout{postgres: true, instances: two}, inject: func(w *world) {
		w.must(w.cluster.Kill())
		w.kills++
		w.pause(0, 1500*ms)
		w.must(w.cluster.Resume(context.Background()))
	}},
	{name: "kill -9 of NATS", inject: func(w *world) {
		for range 2 {
			w.kill(w.servers...)
			w.pause(0, time.Second)
			w.restart()
			w.pause(100*ms, 500*ms)
		}
	}},
	{name: "NATS and all that it kept lost", inject: func(w *world) { w.loseNATS() }},
	{name: "NATS lost, and modules killed", inject: func(w *world) { w.loseNATS(w.all()...) }},
	{name: "everything killed at once", inject: killAll},
	{name: "everything and PostgreSQL killed at once", layout: layout{postgres: true, instances: two}, inject: killAll},
	{name: "the last messages and their sender lost", inject: cutReceivers, before: loseTheLast},
	{name: "a NATS cluster loses its leader", layout: layout{servers: 3, rate: 100}, inject: killLeader},
	{name: "partition from the broker", inject: func(w *world) { w.partition(w.roads) }},
	{name: "partition from the database", layout: layout{postgres: true, instances: two}, inject: func(w *world) { w.partition(w.lines) }},
	{name: "partition of instances from the broker", layout: layout{postgres: true, instances: two}, inject: func(w *world) { w.partition(w.roads) }},
	{name: "modules end while the broker is gone", inject: func(w *world) { w.endWithout(w.roads, reset, stall) }},
	{name: "instances end while the database is gone", layout: layout{postgres: true, instances: two}, inject: func(w *world) { w.endWithout(w.lines, reset, reset) }},
	{name: "instances are paused", layout: layout{postgres: true, instances: two, slow: 60 * ms}, inject: pauseInstances},
	{name: "NATS is paused", inject: func(w *world) {
		w.stopped(time.Second+time.Duration(w.chance.Int64N(int64(2*time.Second))), w.servers...)
	}},
	{name: "a road that does wrong", layout: layout{road: wrong}, inject: func(w *world) { time.Sleep(1500 * ms) }},
	{name: "a road that does wrong to instances", layout: layout{postgres: true, instances: two, road: wrong}, inject: killOne},
	{name: "rolling upgrade of modules", inject: upgrade, before: rebuilt},
	{name: "rolling upgrade of instances", layout: layout{postgres: true, instances: two}, inject: upgrade, before: rebuilt},
	{name: "poison", inject: poison, before: antidote},
	{name: "poison, and instances killed", layout: layout{postgres: true, instances: two}, inject: func(w *world) { poison(w); killOne(w) }, before: antidote},
	{name: "a slow consumer", layout: layout{rate: 400, slowTake: 20 * ms}, inject: beSlow, most: 2},
}

func killOne(w *world) {
	for range 3 {
		p := w.any()
		w.kill(p)
		w.pause(0, 300*ms)
		w.restart()
		w.pause(0, 400*ms)
	}
}

func killSeveral(w *world) {
	for range 2 {
		all := w.all()
		w.chance.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		w.kill(all[:2+w.chance.IntN(len(all)-1)]...)
		w.pause(0, 200*ms)
		w.restart()
		w.pause(0, 400*ms)
	}
}

// killAll kills every process of the system at once.
func killAll(w *world) {
	for range 2 {
		if w.layout.postgres {
			w.must(w.cluster.Kill())
			w.kills++
		}
		w.kill(append(slices.Clone(w.servers), w.all()...)...)
		if w.layout.postgres {
			w.must(w.cluster.Resume(context.Background()))
		}
		w.restart()
		w.pause(500*ms, time.Second)
	}
}

// loseNATS kills the server and other processes, and deletes what it kept.
func (w *world) loseNATS(also ...*process) {
	w.kill(append(slices.Clone(w.servers), also...)...)
	for _, p := range w.servers {
		w.must(os.RemoveAll(p.task.(map[string]any)["NATS"].(*natsTask).Dir))
	}
	w.pause(0, 500*ms)
	w.restart()
}

// cutReceivers keeps messages from those that are to get them.
func cutReceivers(w *world) {
	for _, name := range []string{paymentsName, shippingName} {
		for _, p := range w.modules[name] {
			w.cuts++
			w.roads[p].cut(reset)
		}
	}
	w.pause(200*ms, 400*ms)
}

// loseTheLast loses what is on the road when nothing comes after it, and with it
// all that its sender had in memory.
func loseTheLast(w *world) {
	w.loseNATS(w.modules[ordersName]...)
	for _, wire := range w.roads {
		w.must(wire.heal(false))
	}
}

func killLeader(w *world) {
	var leader string
	var err error
	for range 100 { // a cluster takes a while to begin
		if leader, err = leaderOf(w.url, nats.Names{}.EventsStream(ordersName)); leader != "" {
			break
		}
		time.Sleep(200 * ms)
	}
	w.must(err)
	i := slices.IndexFunc(w.servers, func(p *process) bool { return p.name == leader })
	if i < 0 {
		w.t.Fatalf("the leader is %q", leader)
	}
	w.kill(w.servers[i])
	w.pause(500*ms, 2*time.Second)
	w.restart()
	w.pause(500*ms, time.Second)
}

func leaderOf(url, stream string) (string, error) {
	conn, err := natsio.Connect(url)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s, err := js.Stream(ctx, stream)
	if err != nil {
		return "", err
	}
	return s.CachedInfo().Cluster.Leader, nil
}

// partition cuts wires, one way or the other.
func (w *world) partition(wires map[*process]*proxy) {
	for range 2 {
		var cut []*proxy
		for _, p := range w.all() {
			if w.chance.IntN(2) == 0 {
				cut = append(cut, wires[p])
			}
		}
		if len(cut) == 0 {
			cut = append(cut, wires[w.any()])
		}
		for _, wire := range cut {
			w.cuts++
			wire.cut(w.chance.IntN(2))
		}
		w.pause(200*ms, 1500*ms)
		for _, wire := range cut {
			w.must(wire.heal(w.chance.IntN(2) == 0))
		}
		w.pause(200*ms, 500*ms)
	}
}

// endWithout has a process end in order while something that it uses is not
// there, and starts it again. (A database that is silent would hold up the end
// for as long as a statement may take.)
func (w *world) endWithout(wires map[*process]*proxy, ways ...int) {
	for _, how := range ways {
		p := w.any()
		w.cuts++
		wires[p].cut(how)
		w.pause(0, 300*ms)
		if err := p.stop(); err != nil {
			w.t.Errorf("without what it needs: %v", err)
		}
		w.must(wires[p].heal(true))
		w.restart()
		w.pause(100*ms, 300*ms)
	}
}

// pauseInstances stops an instance of each module for longer than its lease, in
// the middle of whatever it does, and lets it go on.
func pauseInstances(w *world) {
	time.Sleep(1500 * ms) // until both have their share
	var all []*process
	for _, name := range moduleNames {
		all = append(all, w.modules[name][w.chance.IntN(2)])
	}
	w.stopped(4*time.Second+time.Duration(w.chance.Int64N(int64(time.Second))), all...)
	w.pause(200*ms, 500*ms)
}

func (w *world) stopped(d time.Duration, all ...*process) {
	for _, p := range all {
		w.cuts++
		p.signal(syscall.SIGSTOP)
	}
	time.Sleep(d)
	for _, p := range all {
		p.signal(syscall.SIGCONT)
	}
}

var wrong = &transporttest.Faults{
	Drop: 0.05, Duplicate: 0.1, Reorder: 0.1, Delay: 0.1, MaxDelay: 200 * ms, DropHeads: 0.5, FailPublish: 0.05, FailCalls: 0.05,
}

// upgrade replaces the processes one by one by such of the new version.
func upgrade(w *world) {
	all := w.all()
	w.chance.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, p := range all {
		if w.chance.IntN(2) == 0 {
			w.kill(p)
		} else {
			w.must(p.stop())
		}
		p.serve.New = true
		w.must(p.start())
		w.await(p)
		w.pause(200*ms, 600*ms)
	}
	w.newBoard = true
}

// rebuilt wants the board built anew in the shape that the new version has.
func rebuilt(w *world) {
	for begun := time.Now(); ; time.Sleep(100 * ms) {
		all, err := w.reports()
		w.must(err)
		old := slices.ContainsFunc(w.modules[shippingName], func(p *process) bool { return all[p].Board < 2 })
		if !old {
			return
		}
		if time.Since(begun) > 30*time.Second {
			w.t.Error("after the upgrade the board is not built anew")
			return
		}
	}
}

// poisoned is how many orders of each kind are poisoned.
const poisoned = 2

// poison places orders that something cannot take.
func poison(w *world) {
	w.flag(poisonFile, true)
	now := make(chan time.Time)
	close(now)
	for amount := leastPoison; amount <= poisonBoard; amount++ {
		for i := range poisoned {
			commands := []landfall.Command{Place{amount}, Change{1}, Change{2}}
			w.must(w.load.send(context.Background(), now, rand.New(rand.NewPCG(0, 0)), fmt.Sprintf("poison-%d-%d", amount, i), commands))
		}
	}
	w.pause(500*ms, time.Second)
}

// antidote wants everything else to have gone on, then mends what was wrong and
// has it tried again.
func antidote(w *world) {
	lacking := w.rest(func(c counts) (others []string) {
		shipped := c[shippingName]["@Orders.Confirmed"] - c[shippingName]["Shipped"]
		if shipped != poisoned {
			others = append(others, fmt.Sprintf("%d orders were not shipped, want %d", shipped, poisoned))
		}
		for _, l := range missing(c) {
			if !strings.HasPrefix(l, "answers of ShipPolicy") {
				others = append(others, l)
			}
		}
		return others
	})
	for _, l := range lacking {
		w.t.Errorf("while some are poisoned: %s", l)
	}
	if n := w.dead(); n != 3*poisoned {
		w.t.Errorf("%d dead letters, want %d", n, 3*poisoned)
	}
	w.flag(poisonFile, false)
	retried := 0
	for _, name := range moduleNames { // whichever instance is asked
		p := w.modules[name][w.chance.IntN(len(w.modules[name]))]
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		r, err := p.ask(ctx, askRetry)
		cancel()
		w.must(err)
		if r.Error != "" {
			w.t.Errorf("%s: retry: %s", p.name, r.Error)
		}
		retried += r.Retried
	}
	if retried != 3*poisoned {
		w.t.Errorf("%d dead letters were retried, want %d", retried, 3*poisoned)
	}
}

// mostMemory is what a module's process may need, whatever waits.
const mostMemory = 192 << 20

// beSlow lets a projection be slower than what it follows, and receivers slower
// than the road.
func beSlow(w *world) {
	w.flag(slowFile, true)
	time.Sleep(*slowly)
	all, err := w.reports()
	w.must(err)
	for _, p := range w.modules[shippingName] {
		if all[p].Settled {
			w.t.Errorf("%s is not behind, so that it is not slower than what it follows", p.name)
		}
	}
	w.flag(slowFile, false)
	if peak := w.peak.Load(); peak > mostMemory {
		w.t.Errorf("a process needs %d MB, at most %d are allowed", peak>>20, mostMemory>>20)
	}
}
