import { kindOf } from '../src/model/kinds.ts'
import { verbOf } from '../src/model/grammar.ts'
import type { Change, NoteKind } from '../src/model/types.ts'
import type { StandInBoard } from './board.ts'

const rover: [NoteKind, string, number, number][] = [
  ['actor', 'Operator', 40, 200], ['command', 'Land rover', 160, 180], ['event', 'Rover landed', 320, 180],
  ['command', 'Move rover', 520, 180], ['aggregate', 'Rover', 680, 180], ['event', 'Rover moved', 850, 180],
  ['event', 'Obstacle found', 850, 320], ['policy', 'Report obstacle', 1040, 320], ['command', 'Notify operator', 1240, 320],
  ['system', 'Radio', 1400, 320], ['event', 'Operator notified', 1620, 320], ['projection', 'Map of the plateau', 1040, 180],
  ['hotspot', 'What if the radio is down?', 1410, 200], ['opportunity', 'Learn the map as we go', 1190, 170],
  ['rule', 'A rover never leaves the plateau', 700, 60], ['event', 'Rover  moved', 860, 520], ['text', 'Mars Rover', 40, 40],
]

const text = `storm "Mars Rover"

module Rover {
  Operator -> "Land rover" -> "Rover landed"
  Operator -> "Move rover" -> "Rover moved" or "Obstacle found"
}
`

/** fillSample puts a small storm on a board. */
export function fillSample(board: StandInBoard): void {
  const ids = rover.map((_, i) => `sample-${String(i).padStart(2, '0')}`)
  const frames: Change[] = [
    { id: 'frame-rover', set: { type: 'note', kind: 'module', text: 'Rover', x: -10, y: 120, w: 1190, h: 360, team: 'Driving', by: 'someone', at: 1 } },
    { id: 'frame-notes', set: { type: 'note', kind: 'module', text: 'Notification', x: 1210, y: 120, w: 560, h: 360, team: 'Radio', by: 'someone', at: 1 } },
  ]
  const notes = rover.map(([kind, text, x, y], i): Change => ({
    id: ids[i]!,
    set: { type: 'note', kind, text, x, y, w: kindOf(kind).w, h: kindOf(kind).h, module: y < 150 || y > 480 ? '' : x < 1200 ? 'frame-rover' : 'frame-notes', by: 'someone', at: 1, on: kind === 'hotspot' ? [ids[9]!] : [] },
  }))
  const pairs: [number, number][] = [[0, 1], [1, 2], [3, 4], [4, 5], [3, 5], [4, 6], [6, 7], [7, 8], [8, 9], [9, 10], [5, 11]]
  const links = pairs.map(([a, b], i): Change => ({
    id: `sample-link-${i}`, set: { type: 'link', from: ids[a]!, to: ids[b]!, verb: verbOf(rover[a]![0], rover[b]![0]) },
  }))
  const file: Change = { id: 'file:rover.storm', set: { type: 'file', path: 'rover.storm', text, version: 1 } }
  board.record('sample', 'NotesAdded', [...frames, ...notes, ...links, file], 'someone', Date.now())
}

const words = ['Order', 'Payment', 'Invoice', 'Shipment', 'Customer', 'Basket', 'Refund', 'Parcel', 'Ticket', 'Report']
const done = ['placed', 'taken', 'sent', 'lost', 'found', 'signed', 'refused', 'checked', 'closed', 'opened']

/** fillMany puts so many notes on a board, in rows, each linked with the next where the grammar allows. */
export function fillMany(board: StandInBoard, count: number): void {
  const flow: NoteKind[] = ['actor', 'command', 'aggregate', 'event', 'policy', 'command', 'event', 'projection', 'hotspot', 'event']
  const row = Math.ceil(Math.sqrt(count) * 1.4)
  const changes: Change[] = []
  for (let i = 0; i < count; i++) {
    const kind = flow[i % flow.length]!
    const { w, h } = kindOf(kind)
    const label = `${words[i % words.length]!} ${done[Math.floor(i / 10) % done.length]!} ${i}`
    changes.push({ id: `many-${i}`, set: { type: 'note', kind, text: label, x: (i % row) * 170, y: Math.floor(i / row) * 150, w, h, by: 'someone', at: 1 } })
    const before = flow[(i - 1) % flow.length]
    const verb = before && i % row > 0 ? verbOf(before, kind) : undefined
    if (verb) changes.push({ id: `many-link-${i}`, set: { type: 'link', from: `many-${i - 1}`, to: `many-${i}`, verb } })
  }
  board.record('many', 'NotesAdded', changes, 'someone', Date.now())
}
