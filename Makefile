# make run     shows the main job; it needs only Go
# make test    runs the whole test suite, and installs what that needs
# make bench   measures each hot path against its raw limit, in one run
# make bench-growth  measures how cost grows, for some minutes; prints the tables of docs/performance.md
# make verify  checks formatting, lint, layers, documentation and vulnerabilities
# make fuzz    fuzzes each target for FUZZTIME
# make faults  breaks a system of several processes in every way, many times
# make fleet   drives 10,000 rovers

GO ?= go
FUZZTIME ?= 30s

.PHONY: run test setup race kill faults formats bench bench-growth verify fuzz fleet

# The programs are pure Go.
run fleet: export CGO_ENABLED = 0

run:
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(GO) build -o "$$folder/marsrover" ./examples/marsrover && \
	echo '== RMLMM on a 4 x 4 grid' && \
	"$$folder/marsrover" run --world 4x4 --at 0,0,N --db "$$folder/marsrover.db" RMLMM && \
	echo && echo '== RMMLMMMMMM with an obstacle at 2,2' && \
	"$$folder/marsrover" run --world 4x4 --at 0,0,N --obstacle 2,2 --db "$$folder/marsrover.db" RMMLMMMMMM

fleet:
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(GO) build -o "$$folder/marsrover" ./examples/marsrover && \
	"$$folder/marsrover" fleet --rovers 10000 --length 50 --db "$$folder/fleet.db"

test: setup verify race kill formats

setup:
	@bash .ci/setup

# The race detector needs cgo.
race:
	CGO_ENABLED=1 $(GO) test -race -timeout 30m ./...

# kill -9 at random moments, then an independent check of every promise.
kill:
	$(GO) test ./examples/marsrover -run 'TestKill$$' -count=1 -v -timeout 30m -args -kill.rounds=50

# Every fault of docs/guarantees.md; the test suite has one round of each.
faults: setup
	$(GO) test ./internal/faults -count=1 -v -timeout 120m -args -faults.rounds=10 -faults.slow=1m

# Exports are read by the tools that their formats come from.
formats:
	$(GO) test -tags node -run Tools -count=1 ./internal/cli

bench:
	$(GO) run ./internal/bench/ratios

bench-growth:
	$(GO) run ./internal/bench/growth

verify:
	@test -z "$$(gofmt -l . | tee /dev/stderr)" || { echo 'run gofmt -w on these files' >&2; exit 1; }
	$(GO) mod verify
	CGO_ENABLED=0 $(GO) build ./...
	$(GO) vet ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.7.0 ./...
	$(GO) test -run 'Layers|Docs|Dependencies|Guarantees' . ./docs
	@for example in marsrover productcatalog; do for command in check 'fmt -d' 'gen --check' drift; do \
		echo "landfall $$command examples/$$example"; \
		$(GO) run ./cmd/landfall $$command examples/$$example >/tmp/landfall-verify.$$$$ 2>&1 || { cat /tmp/landfall-verify.$$$$; exit 1; }; \
		rm -f /tmp/landfall-verify.$$$$; \
	done; done
	@GO="$(GO)" bash .ci/vuln

fuzz:
	@for p in $$($(GO) list ./...); do \
		for f in $$($(GO) test -list 'Fuzz.*' $$p | grep ^Fuzz); do \
			echo "== $$p $$f"; $(GO) test -run xxx -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p || exit 1; \
		done; \
	done
