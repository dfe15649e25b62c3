# make run    start everything on embedded defaults: http://127.0.0.1:8080
# make test   run the whole suite, and install what it needs
# make faults the fault suite for five minutes; FAULTS=1h make faults for longer
# make figures  100,000 forged, repeated and reordered requests for every channel
# make check  formatters and linters
# make vuln   known vulnerabilities in what the program calls, where their database is on disk
# make fuzz   every fuzz target for a while, FUZZTIME=30s each
# make sbom   what the binary is made of, as CycloneDX, into bin/sbom.cdx.json
# make eval   how well messages are understood, into docs/understanding.md
# make test-model  what small local models are worth; see docs/model.md
# make bench  benchmarks of single parts
# make bench-all  the whole program beside its limits, into docs/benchmarks.md

GO    ?= go
tools  = $(GO) tool -modfile=tools/go.mod

.PHONY: run build test test-model faults figures check fix vuln fuzz sbom eval bench bench-all clean

run: build
	@./bin/supportbot serve

build:
	@test -x bin/supportbot || echo "Compiling. The first time takes a minute or two, mostly for SQLite; after that, seconds."
	@$(GO) build -o bin/supportbot ./cmd/supportbot

test:
	@./tools/prepare
	$(GO) vet ./...
	$(GO) test -race -timeout 45m ./...
	$(GO) run ./cmd/supportbot check
	$(GO) run ./cmd/supportbot test

faults: export FAULTS ?= 5m
faults:
	@./tools/prepare
	$(GO) test -run '^(TestFaults|TestMutants)$$' -v -timeout 0 ./cmd/supportbot

figures:
	@./tools/prepare
	$(GO) test -count=1 -v -timeout 0 -run 'Suite$$|EverySignature|ForgedAndMutated|AnyOrder$$|TwiceOrLate' ./channels/...

check:
	$(tools) golangci-lint fmt --diff
	$(tools) golangci-lint run
	@./tools/lint-api
	$(GO) -C tools vet ./...
	$(GO) -C tools test ./...

fix:
	$(tools) golangci-lint fmt

vuln:
	@./tools/vuln

fuzz:
	@./tools/fuzz $(FUZZTIME)

sbom: build
	@$(GO) -C tools run ./sbom ../bin/supportbot ../handoff/console/static/vendor > bin/sbom.cdx.json
	@echo bin/sbom.cdx.json

eval: build
	@sed '/^<!-- measured -->/q' docs/understanding.md > bin/understanding.md
	@{ printf '\n```\n'; ./bin/supportbot eval --picture docs/pictures/learning.svg; printf '```\n'; } >> bin/understanding.md
	@mv bin/understanding.md docs/understanding.md

test-model:
	@./tools/test-embeddings
	@./tools/test-model

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

bench-all:
	@mkdir -p bin
	@sed '/^<!-- measured -->/q' docs/benchmarks.md > bin/benchmarks.md && $(GO) run ./bench >> bin/benchmarks.md && mv bin/benchmarks.md docs/benchmarks.md

clean:
	rm -rf bin
