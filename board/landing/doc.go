// Package landing keeps a wall and the text of its storm in step, and the text
// and its files on the disk.
//
// A [State] is what is known of both: the storm as it was read, and which note
// stands for which of its elements. It is never changed; each step gives another:
//
//	state, step := landing.Open(files, layout, wall)   // a board is opened
//	state, step = state.FollowWall(wall, dirty)        // people changed the wall
//	state, step = state.FollowText(wall)               // somebody edited the text
//	problems := state.Problems(wall)                   // what there is to say
//
// A [Step] has the edits of the files and the changes of the wall that bring the
// two together. Who holds the board makes both in one operation, and takes over the
// new state once that is done; if it was not accepted, because the text has moved
// on, the old state is asked again with the wall as it is now.
//
// A state is not stored. Who opens a board again says with [Since] what of the wall has
// changed after it and the text were in step last, so that what people did in the meantime
// comes into the text then: a note that was taken off the wall does not come back. One thing
// is forgotten: what the declaration of an element said beyond its note, which comes back with
// a note that somebody undoes the removal of, and only while the board is open.
//
// # What stands for what
//
// Notes of the notation are elements, modules and stickies of the storm. Several
// notes of one kind and name stand for one element, which goes with the last of
// them. An event that the text notes several times, and nothing else mentions, has as many
// notes on a wall that is opened empty. A note that is renamed takes its element along, unless others stand for it
// too: then it parts from them. Notes that are private, that have no text, free
// labels and swimlanes are on the wall alone. A vertical line makes the event
// pivotal that it crosses, or stands no more than 12 pixels clear of: the nearest of several, and
// the lowest of those; it ends when the line or the event is moved away. A note in a frame is in the frame's module. Events that nothing is
// linked with stand in the text in the order of the wall, from left to right.
//
// What the text cannot take, because a name is taken or an arrow means nothing,
// stays on the wall as it is and is told as a problem of its note; it does not keep
// other notes from landing, and is tried again with each step.
//
// While the text has an error of syntax nothing follows: what is changed on the wall
// waits until the text can be read again, and no note goes.
package landing
