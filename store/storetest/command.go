package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

var commandTests = []test{
	{name: "refuses a command that was stored", run: testDuplicate},
	{name: "finds a duplicate before a conflict", run: testDuplicateFirst},
	{name: "stores one of the same command sent together", run: testDuplicateTogether},
	{name: "finds commands whose ids come in any order", run: testUnorderedCommands},
	{name: "finds records by their command", run: testByCommand},
	{name: "finds records by their trigger", run: testByTrigger},
}

func testDuplicate(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	first := write("MarsRover-1", 0, 2)
	want := mustAppend(t, l, first)
	want = append(want, mustAppend(t, l, write("MarsRover-2", 0, 1))...)
	again := store.Append{Stream: "MarsRover-1", Expected: 2, Records: records(first.Records[0].Command(), 1)}
	for _, stream := range []string{"MarsRover-1", "MarsRover-2", "MarsRover-3"} {
		again.Stream, again.Expected = stream, store.AnyVersion
		_, err := l.Append(ctx, again)
		wantError(t, "repeat to "+stream, err, store.ErrDuplicate)
	}
	same(t, "log", readAll(t, l), want)
	// The repeat to a stream that did not exist has not made one.
	want = append(want, mustAppend(t, l, write("MarsRover-3", 0, 1))...)
	same(t, "log", readAll(t, l), want)
}

func testDuplicateFirst(t *testing.T, f Features) {
	l := openLog(t, f)
	first := write("MarsRover-1", 0, 1)
	mustAppend(t, l, first)
	for _, stream := range []string{"MarsRover-1", "MarsRover-2"} {
		_, err := l.Append(context.Background(), store.Append{Stream: stream, Expected: 7, Records: first.Records})
		wantError(t, "repeat with a wrong version to "+stream, err, store.ErrDuplicate)
	}
}

func testDuplicateTogether(t *testing.T, f Features) {
	l := openLog(t, f)
	const same, others = 6, 10
	for round := range 10 {
		repeated := records(newCommand(), 2)
		var repeats, fresh outcomes
		together(same+others, func(i int) {
			if i < same {
				_, err := l.Append(context.Background(), store.Append{
					Stream: fmt.Sprintf("MarsRover-%d", round), Expected: store.AnyVersion, Records: append([]store.Record(nil), repeated...),
				})
				repeats.add(err)
				return
			}
			_, err := l.Append(context.Background(), write(fmt.Sprintf("MarsRover-%d-%d", round, i), 0, 1+i%3))
			fresh.add(err)
		})
		repeats.want(t, "the repeated command", 1, 0, same-1)
		fresh.want(t, "the others", others, 0, 0)
		if rs, err := l.ByCommand(context.Background(), repeated[0].Command()); err != nil || len(rs) != 2 {
			t.Errorf("the repeated command has %d records, %v, want 2", len(rs), err)
		}
	}
	for i, r := range readAll(t, l) {
		if r.Position != uint64(i)+1 {
			t.Fatalf("record %d has position %d", i, r.Position)
		}
	}
}

func testUnorderedCommands(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	var commands []uuid.UUID
	for i := range 20 {
		commands = append(commands, newCommand(), store.KeyedCommandID(fmt.Sprint(i)), newCommand())
	}
	event := store.EventID(commands[0], 0)
	for i := range 5 {
		commands = append(commands, store.DerivedCommandID("TurnOffPolicy", event, i))
	}
	commands = append(commands, uuid.Nil, store.CommandOf(uuid.Max))
	// Every third first, so that most come after greater ones.
	for from := range 3 {
		for i := from; i < len(commands); i += 3 {
			mustAppend(t, l, store.Append{Stream: fmt.Sprint("MarsRover-", i), Records: records(commands[i], 1+i%2)})
		}
	}
	for i, command := range commands {
		_, err := l.Append(ctx, store.Append{Stream: "MarsRover-0", Expected: store.AnyVersion, Records: records(command, 1)})
		wantError(t, fmt.Sprintf("repeat of %s", command), err, store.ErrDuplicate)
		rs, err := l.ByCommand(ctx, command)
		if err != nil || len(rs) != 1+i%2 || rs[0].Command() != command {
			t.Errorf("command %d has records %v, %v", i, rs, err)
		}
	}
	if rs, err := l.ByCommand(ctx, newCommand()); err != nil || len(rs) != 0 {
		t.Errorf("an unknown command has records %v, %v", rs, err)
	}
}

func testByCommand(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	var want [][]store.Record
	for i, n := range []int{1, 2, 500, 1} {
		want = append(want, mustAppend(t, l, write(fmt.Sprintf("MarsRover-%d", i%2), store.AnyVersion, n)))
	}
	for _, rs := range want {
		got, err := l.ByCommand(ctx, rs[0].Command())
		if err != nil {
			t.Fatal(err)
		}
		same(t, "records of the command", got, rs)
	}
	for name, id := range map[string]uuid.UUID{"an unknown command": newCommand(), "an event": want[1][1].ID, "no command": uuid.Nil} {
		if rs, err := l.ByCommand(ctx, id); err != nil || len(rs) != 0 {
			t.Errorf("%s has records %v, %v", name, rs, err)
		}
	}
}

func testByTrigger(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	found := mustAppend(t, l, write("MarsRover-1", 0, 2))
	var want []store.Record
	for i, policy := range []string{"NotifyObstacleFoundPolicy", "TurnOffPolicy"} {
		a := store.Append{Stream: fmt.Sprintf("Other-%d", i), Records: records(store.DerivedCommandID(policy, found[0].ID, 0), 1+i)}
		for j := range a.Records {
			a.Records[j].Trigger = found[0].ID
		}
		want = append(want, mustAppend(t, l, a)...)
		mustAppend(t, l, write("MarsRover-2", store.AnyVersion, 1))
	}
	got, err := l.ByTrigger(ctx, found[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "records of the trigger", got, want)
	for name, id := range map[string]uuid.UUID{"an event without answer": found[1].ID, "an unknown event": uuid.New(), "no event": uuid.Nil} {
		if rs, err := l.ByTrigger(ctx, id); err != nil || len(rs) != 0 {
			t.Errorf("%s has records %v, %v", name, rs, err)
		}
	}
}
