module github.com/landfall-go/landfall

go 1.26

require (
	github.com/google/go-cmp v0.7.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/rogpeppe/go-internal v1.14.1 // indirect
	pgregory.net/rapid v1.2.0 // indirect
)
