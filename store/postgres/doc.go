// Package postgres keeps the logs of modules in a PostgreSQL database, which many
// processes may share.
package postgres
