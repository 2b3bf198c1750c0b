// Package transporttest holds what every transport must do, as one suite of
// tests, and a Faulty transport that loses, doubles, delays and reorders.
//
// A driver's own test is wiring:
//
//	func TestTransport(t *testing.T) {
//		transporttest.Run(t, transporttest.Features{Open: func(t *testing.T) transporttest.Road { … }})
//	}
package transporttest

import (
	"testing"

	"github.com/landfall-go/landfall/transport"
)

// Features says how a driver is tested and what it can do.
type Features struct {
	// Open returns a road that nobody has used. It is called once for each test.
	Open func(t *testing.T) Road
}

// Road is a road under test.
type Road struct {
	// Connect returns a connection as a process of its own would have. The suite
	// closes it.
	Connect func(t *testing.T) transport.Transport
	// Lose has the road lose all that it keeps, messages and the places of
	// subscriptions, while connections stay open. It may be nil for a road that
	// cannot.
	Lose func(t *testing.T)
	// Restart takes the road away and brings it back, with what it kept. It is
	// nil for a road that is the process itself.
	Restart func(t *testing.T)
}

// test is one behaviour.
type test struct {
	name string
	run  func(t *testing.T, r Road)
	// needs says whether a road can do what the test is about; nil is every road.
	needs func(r Road) bool
}

// Run runs the suite, each test on a road of its own.
func Run(t *testing.T, f Features) {
	canLose := func(r Road) bool { return r.Lose != nil }
	canRestart := func(r Road) bool { return r.Restart != nil }
	tests := []test{
		{name: "Publish", run: ofBoth(testPublish)},
		{name: "Fields", run: ofBoth(testFields)},
		{name: "AnyMessage", run: testAnyMessage},
		{name: "Commands", run: testCommands},
		{name: "CommandsOfOne", run: testCommandsOfOne},
		{name: "SubscribeFirst", run: testSubscribeFirst},
		{name: "SubscribeLater", run: testSubscribeLater},
		{name: "GoOnUnderTheName", run: testGoOn},
		{name: "Announce", run: testAnnounce},
		{name: "AnnounceAfterMessages", run: testAnnounceAfter},
		{name: "Share", run: testShare},
		{name: "OtherNames", run: testOtherNames},
		{name: "TakeFails", run: ofBoth(testTakeFails)},
		{name: "OneTakeAtATime", run: testOneTake},
		{name: "Bounds", run: ofBoth(testBounds)},
		{name: "CallSizes", run: testCallSizes},
		{name: "CallsTogether", run: testCallsTogether},
		{name: "CallsAreShared", run: testCallsShared},
		{name: "NobodyAnswers", run: testNobodyAnswers},
		{name: "CallerGivesUp", run: testCallerGivesUp},
		{name: "AnswerStops", run: testAnswerStops},
		{name: "ContextHasEnded", run: testContextEnded},
		{name: "Stop", run: testStop},
		{name: "Close", run: testClose},
		{name: "Invalid", run: testInvalid},
		{name: "Lose", run: testLose, needs: canLose},
		{name: "Restart", run: testRestart, needs: canRestart},
	}
	for _, test := range tests {
		road := Road{}
		t.Run(test.name, func(t *testing.T) {
			road = f.Open(t)
			if test.needs == nil || test.needs(road) {
				test.run(t, road)
			}
		})
	}
}
