# make run     opens the Mars Rover's storm on the board; it needs only Go
# make rover   drives the Mars Rover through the sessions of its kata
# make test    runs the whole test suite, and installs what that needs
# make bench   measures each hot path against its raw limit, in one run
# make bench-growth  measures how cost grows, for some minutes; prints the tables of docs/performance.md
# make verify  checks formatting, lint, layers, documentation and vulnerabilities
# make fuzz    fuzzes each target for FUZZTIME
# make faults  breaks a system of several processes in every way, many times
# make fleet   drives 10,000 rovers

GO ?= go
FUZZTIME ?= 30s

# What runs the board's page in a browser is committed, so that Go alone builds it.
PAGE = board/web

.PHONY: run rover test setup page browsers race kill faults formats bench bench-growth verify fuzz fleet

# The programs are pure Go.
run rover fleet: export CGO_ENABLED = 0

# BOARD_FLAGS are flags of landfall board, such as --no-open.
run:
	$(GO) run ./cmd/landfall board $(BOARD_FLAGS) examples/marsrover/marsrover.storm

rover:
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

test: setup verify page race kill formats browsers

setup:
	@bash .ci/setup

# The page's sources: types, lint, tests; and the committed build is what they give.
page: setup
	cd $(PAGE) && npm ci --no-audit --no-fund && npm run check && npm run build
	@test -z "$$(git status --porcelain -- $(PAGE)/dist | tee -a /dev/stderr)" || \
		{ echo 'the build in $(PAGE)/dist is not that of the sources: commit it with them' >&2; exit 1; }

# Sessions of several browsers with the real program.
browsers: setup
	cd $(PAGE) && { test -d node_modules || npm ci --no-audit --no-fund; } && npm run e2e

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
	@test -z "$$(git ls-files -z '*.go' | xargs -0 gofmt -l | tee -a /dev/stderr)" || { echo 'run gofmt -w on these files' >&2; exit 1; }
	$(GO) mod verify
	CGO_ENABLED=0 $(GO) build ./...
	$(GO) vet ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.7.0 ./...
	$(GO) test -run 'Layers|Docs|Dependencies|Guarantees|TestBuild$$' . ./docs ./board/web
	@for example in examples/marsrover examples/productcatalog board; do for command in check 'fmt -d' 'gen --check' drift; do \
		echo "landfall $$command $$example"; \
		$(GO) run ./cmd/landfall $$command $$example >/tmp/landfall-verify.$$$$ 2>&1 || { cat /tmp/landfall-verify.$$$$; exit 1; }; \
		rm -f /tmp/landfall-verify.$$$$; \
	done; done
	@GO="$(GO)" bash .ci/vuln

fuzz:
	@for p in $$($(GO) list ./...); do \
		for f in $$($(GO) test -list 'Fuzz.*' $$p | grep ^Fuzz); do \
			echo "== $$p $$f"; $(GO) test -run xxx -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p || exit 1; \
		done; \
	done
