// Package bench measures Landfall against its raw limits.
package bench
