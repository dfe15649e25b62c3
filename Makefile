# make run    start everything on embedded defaults: http://127.0.0.1:8080
# make test   run the whole suite, and install what it needs
# make check  formatters and linters
# make bench  benchmarks

GO    ?= go
tools  = $(GO) tool -modfile=tools/go.mod

.PHONY: run build test check fix bench clean

run: build
	@./bin/supportbot serve

build:
	@test -x bin/supportbot || echo "Compiling. The first time takes a minute or two, mostly for SQLite; after that, seconds."
	@$(GO) build -o bin/supportbot ./cmd/supportbot

test:
	@./tools/prepare
	$(GO) vet ./...
	$(GO) test -race ./...
	$(GO) run ./cmd/supportbot check
	$(GO) run ./cmd/supportbot test

check:
	$(tools) golangci-lint fmt --diff
	$(tools) golangci-lint run

fix:
	$(tools) golangci-lint fmt

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

clean:
	rm -rf bin
