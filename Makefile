# make run    shows the main job; it needs only Go
# make test   runs the whole test suite, and installs what that needs
# make bench  measures each hot path against its raw limit, in one run
# make verify checks layers, formatting, lint, generated files and vulnerabilities

GO      ?= go
ROVER   := $(GO) run ./examples/marsrover
SCRATCH := $(shell mktemp -d 2>/dev/null || echo .)

export CGO_ENABLED ?= 0

.PHONY: run test race kill bench verify lint vuln fuzz clean

run:
	@echo '== RMLMM on a 4 x 4 grid'
	@$(ROVER) run --world 4x4 --at 0,0,N --db $(SCRATCH)/first.db RMLMM
	@echo
	@echo '== RMMLMMMMMM with an obstacle at 2,2'
	@$(ROVER) run --world 4x4 --at 0,0,N --obstacle 2,2 --db $(SCRATCH)/second.db RMMLMMMMMM

test: verify race kill

# The race detector needs cgo; the programs themselves do not.
race:
	CGO_ENABLED=1 $(GO) test -race -timeout 30m ./...

# kill -9 at random moments, then an independent check of every promise.
kill:
	$(GO) test ./examples/marsrover/... -run 'Kill' -count=1 -v -timeout 30m -args -kill.rounds=50

bench:
	$(GO) run ./internal/bench/ratios

verify: lint vuln
	$(GO) mod verify
	$(GO) build ./...
	$(GO) vet ./...
	$(GO) test -run 'Layers|Docs' . ./docs/...

lint:
	@test -z "$$(gofmt -l . | tee /dev/stderr)" || (echo 'run gofmt -w on these files' >&2; exit 1)
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.7.0 ./...

vuln:
	$(GO) run golang.org/x/vuln/cmd/govulncheck@v1.1.4 ./...

FUZZTIME ?= 30s
fuzz:
	@for p in $$($(GO) list ./...); do \
		for f in $$($(GO) test -list 'Fuzz.*' $$p | grep ^Fuzz); do \
			echo "== $$p $$f"; $(GO) test -run xxx -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p || exit 1; \
		done; \
	done

clean:
	rm -rf bin *.db *.db-wal *.db-shm *.db.lock
