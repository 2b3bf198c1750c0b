package main

const childTask = "MARSROVER_TEST_TASK"

func child(string) int { return 1 }
