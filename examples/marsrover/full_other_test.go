//go:build !linux

package main

import "errors"

func fillDisk(string) error { return errors.New("only Linux gives tests a small disk") }
