package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/landfall-go/landfall/store"
)

// codeFenced is raised by the function write for a writer that is not known.
const codeFenced = "LF001"

// Error codes of PostgreSQL that mean something to us.
const (
	codeDiskFull          = "53100"
	codeLockTimeout       = "55P03"
	codeCanceled          = "57014"
	codeReadOnly          = "25006"
	codeSerialization     = "40001"
	codeDeadlock          = "40P01"
	codeDataCorrupted     = "XX001"
	codeIndexCorrupted    = "XX002"
	codeNoDatabase        = "3D000"
	codeNoPrivilege       = "42501"
	codeIdleInTransaction = "25P03"
)

// codeOf returns the code of an error that the server has sent, or nothing.
func codeOf(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// lost tells whether the error is about the connection or the server's state,
// not about the statement: another try may succeed.
func lost(err error) bool {
	if code := codeOf(err); code != "" {
		switch {
		case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"), code == "53300", code == codeReadOnly, code == codeIdleInTransaction:
			return true
		}
		return false
	}
	var network net.Error
	var connect *pgconn.ConnectError
	return pgconn.SafeToRetry(err) || errors.As(err, &connect) || errors.As(err, &network) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "conn closed")
}

// refused tells whether the server has answered that it did not do the
// statement, and may do it the next time.
func refused(err error) bool {
	switch codeOf(err) {
	case codeSerialization, codeDeadlock:
		return true
	}
	return false
}

// classify gives an error of the driver its meaning for the caller.
func classify(err error) error {
	if err == nil {
		return nil
	}
	switch code := codeOf(err); {
	case code == codeDiskFull:
		return fmt.Errorf("%w: PostgreSQL: make room, then repeat the write: %w", store.ErrFull, err)
	case code == codeDataCorrupted, code == codeIndexCorrupted:
		return corrupt(err.Error())
	case code == codeLockTimeout:
		return fmt.Errorf("%w: another process has been writing for too long; nothing was stored: %w", store.ErrUnavailable, err)
	case code == codeCanceled:
		return fmt.Errorf("%w: the statement took too long; nothing was stored: %w", store.ErrUnavailable, err)
	case code == codeNoDatabase:
		return fmt.Errorf("%w: the database does not exist: create it (CREATE DATABASE … ENCODING 'UTF8'): %w", store.ErrInvalid, err)
	case strings.HasPrefix(code, "28"):
		return fmt.Errorf("%w: the server does not let the user in: look at the user and password of the URL: %w", store.ErrInvalid, err)
	case code == codeNoPrivilege:
		return fmt.Errorf("%w: the role lacks a privilege (see the documentation of package postgres): %w", store.ErrInvalid, err)
	case lost(err):
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return fmt.Errorf("postgres: %w", err)
}

// corrupt says that what was read cannot be.
func corrupt(what string) error {
	return fmt.Errorf("%w: %s: stop the program and restore the database from a backup", store.ErrCorrupt, what)
}
