package bench

import (
	"errors"
	"time"
)

// ByInstances is what so many processes do that run one module on one database.
type ByInstances struct {
	Accepted float64 // commands a second, from 64 callers in all
	Answered float64 // events a second, until all were answered and shown; two for each command
}

// Instances has so many instances of a module share the load of 64 callers. Each
// command's event is answered by a policy with a command, and two projections
// show what happened.
func Instances(url string, instances, commands int) (r ByInstances, err error) {
	var all children
	defer func() { all.stop(&err) }()
	for range instances {
		if _, err := all.start(task{Node: &nodeTask{Module: fleet, Store: url}}); err != nil {
			return r, err
		}
	}
	if err := all[0].ask("Node.Start", Load{Callers: hopCallers, Rovers: hopRovers}, &Driven{}); err != nil {
		return r, err
	}
	load := Load{Callers: hopCallers / instances, Commands: hopWarm / instances, Rovers: hopRovers / instances}
	if _, err := all.drive(load); err != nil {
		return r, err
	}
	warm := uint64(hopRovers + 2*load.Commands*instances)
	if err := all[0].ask("Node.Await", warm, &Nothing{}); err != nil {
		return r, err
	}
	time.Sleep(3 * time.Second) // until all know each other
	load.Commands = commands / instances
	events := 2 * load.Commands * instances
	begun := time.Now()
	seconds, err := all.drive(load)
	if err != nil {
		return r, err
	}
	if err := all[0].ask("Node.Await", warm+uint64(events), &Nothing{}); err != nil {
		return r, err
	}
	r.Accepted = float64(load.Commands*instances) / seconds
	r.Answered = float64(events) / time.Since(begun).Seconds()
	return r, nil
}

// drive drives all at once, each its own rovers, and returns how long the last
// took.
func (all children) drive(load Load) (seconds float64, err error) {
	errs := make(chan error)
	begun := time.Now()
	for i, c := range all {
		own := load
		own.From = i * load.Rovers
		go func() { errs <- c.ask("Node.Drive", own, &Driven{}) }()
	}
	for range all {
		err = errors.Join(err, <-errs)
	}
	return time.Since(begun).Seconds(), err
}

// ByAggregates is what a module costs that has so many aggregates.
type ByAggregates struct {
	Started  float64       // new aggregates a second, from 64 callers
	Driven   float64       // commands a second to any of them, from 64 callers
	Alone    time.Duration // for one command to any of them, one after the other
	Resident float64       // megabytes of the process
	Disk     float64       // megabytes, of a file of SQLite
}

// Aggregates starts so many rovers and drives any of them.
func Aggregates(storeName string, aggregates, commands int) (r ByAggregates, err error) {
	n, err := startChild(task{Node: &nodeTask{Module: rovers0, Store: storeName}})
	if err != nil {
		return r, err
	}
	defer children{n}.stop(&err)
	load := Load{Callers: hopCallers, Commands: commands, Rovers: aggregates, Random: true}
	var d Driven
	if err := n.ask("Node.Start", load, &d); err != nil {
		return r, err
	}
	r.Started = float64(aggregates) / d.Seconds
	if err := n.ask("Node.Drive", load, &d); err != nil {
		return r, err
	}
	r.Driven = float64(commands) / d.Seconds
	load.Callers, load.Commands = 1, min(commands, 2000)
	if err := n.ask("Node.Drive", load, &d); err != nil {
		return r, err
	}
	r.Alone = time.Duration(d.Seconds / float64(load.Commands) * float64(time.Second))
	r.Disk = diskMegabytes(storeName)
	return r, n.ask("Process.Resident", Nothing{}, &r.Resident)
}
