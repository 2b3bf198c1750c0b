import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { nameOf, plural } from '../details/parts'
import type { BoardModel } from '../model/board'
import type { Op } from '../model/types'
import { replay } from '../shell'
import { follow } from './following'
import { minutesOf, stepsOf, tellAll, type Step } from './telling'
import './replay.css'

/** A place where the slider can stand: the seq shown there, when it was, and what was done. */
interface Stop { seq: number; at: number; by: string; text: string }

/** ReplayPanel goes through the whole session, by step or by minute. */
export function ReplayPanel({ model }: { model: BoardModel }) {
  const [ops, setOps] = useState<readonly Op[] | null>(null)
  const [error, setError] = useState('')
  useEffect(() => {
    let dropped = false
    model.startReplay().then((list) => { if (dropped) model.stopReplay(); else setOps(list) }, (e: unknown) => setError(e instanceof Error ? e.message : String(e)))
    return () => {
      dropped = true
      model.stopReplay()
    }
  }, [model])
  if (error !== '') return <p class="trouble" role="alert">{error} <button type="button" class="quiet" onClick={() => leave(model)}>Close</button></p>
  if (ops === null) return <p class="empty" role="status">Fetching what happened…</p>
  if (ops.length === 0) return <p class="empty">Nothing has happened yet. <button type="button" class="quiet" onClick={() => leave(model)}>Close</button></p>
  return <Player model={model} ops={ops} />
}

/** leave shows the board as it is, and closes the bar. */
function leave(model: BoardModel): void {
  model.stopReplay()
  replay.value = false
}

function Player({ model, ops }: { model: BoardModel; ops: readonly Op[] }) {
  const words = useMemo(() => tellAll(ops), [ops])
  const steps = useMemo(() => stepsOf(ops), [ops])
  const [byMinute, setByMinute] = useState(false)
  const stops = useMemo(() => (byMinute ? minuteStops(ops) : stepStops(steps, words)), [byMinute, ops, steps, words])
  const [at, setAt] = useState(stops.length - 1)
  const [playing, play] = useState(false)
  const [speed, setSpeed] = useState(2)
  const [following, setFollowing] = useState(true)
  const [log, showLog] = useState(false)
  const index = Math.max(0, Math.min(at, stops.length - 1))
  const stop = stops[index]!
  const goTo = (i: number) => {
    const next = Math.max(0, Math.min(stops.length - 1, i))
    setAt(next)
    const from = model.replaying.peek() ?? 0
    model.showAt(stops[next]!.seq)
    if (following) follow(model, ops, from, stops[next]!.seq)
  }
  usePlaying(playing, speed, () => {
    if (index >= stops.length - 1) play(false)
    else goTo(index + 1)
  })
  const switchTo = (minutes: boolean) => {
    const list = minutes ? minuteStops(ops) : stepStops(steps, words)
    setByMinute(minutes)
    const next = list.findIndex((s) => s.seq >= stop.seq)
    setAt(next < 0 ? list.length - 1 : next)
  }
  const told = `${clockOf(stop.at)}: ${byMinute ? stop.text : `${nameOf(model, stop.by)} ${stop.text}`}`
  return (
    <div class="replay">
      <div class="replay-head">
        <p class="replay-told" role="status">{told}</p>
        <button type="button" class="quiet small" aria-expanded={log} onClick={() => showLog(!log)}>Who did what</button>
        <button type="button" class="small" onClick={() => leave(model)}>Leave</button>
      </div>
      <input type="range" class="replay-slider" min={0} max={stops.length - 1} value={index} aria-label="Place in the session" aria-valuetext={told}
        onInput={(e) => { play(false); goTo(Number(e.currentTarget.value)) }} />
      <div class="row replay-controls">
        <button type="button" aria-label="To the beginning" disabled={index === 0} onClick={() => goTo(0)}><Sign path="M5 4v12M16 4 7 10l9 6z" /></button>
        <button type="button" aria-label="One back" disabled={index === 0} onClick={() => { play(false); goTo(index - 1) }}><Sign path="M14 4 5 10l9 6z" /></button>
        <button type="button" class="primary" onClick={() => { if (!playing && index === stops.length - 1) goTo(0); play(!playing) }}>{playing ? 'Pause' : 'Play'}</button>
        <button type="button" aria-label="One on" disabled={index === stops.length - 1} onClick={() => { play(false); goTo(index + 1) }}><Sign path="M6 4l9 6-9 6z" /></button>
        <label class="row"><span class="sr-only">By</span><select value={byMinute ? 'minute' : 'step'} onChange={(e) => switchTo(e.currentTarget.value === 'minute')}><option value="step">by step</option><option value="minute">by minute</option></select></label>
        <label class="row"><span class="sr-only">Speed</span><select value={speed} onChange={(e) => setSpeed(Number(e.currentTarget.value))}>{[1, 2, 4, 8, 20].map((s) => <option key={s} value={s}>{s} a second</option>)}</select></label>
        <label class="row"><input type="checkbox" checked={following} onChange={(e) => setFollowing(e.currentTarget.checked)} /> follow</label>
        <span class="hint badge replay-count">{index + 1} / {stops.length}</span>
      </div>
      {log && <Log model={model} stops={stops} index={index} onGo={(i) => { play(false); goTo(i) }} />}
    </div>
  )
}

function Sign({ path }: { path: string }) {
  return <svg class="icon" viewBox="0 0 20 20" width="18" height="18" fill="currentColor" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" aria-hidden="true"><path d={path} /></svg>
}

function usePlaying(playing: boolean, speed: number, step: () => void): void {
  const latest = useRef(step)
  latest.current = step
  useEffect(() => {
    if (!playing) return
    const timer = setInterval(() => latest.current(), 1000 / speed)
    return () => clearInterval(timer)
  }, [playing, speed])
}

function stepStops(steps: readonly Step[], words: ReadonlyMap<number, string>): Stop[] {
  return steps.map((s) => ({ seq: s.to, at: s.at, by: s.by, text: (words.get(s.to) ?? '') + (s.count > 1 ? ` (${s.count} times)` : '') }))
}

function minuteStops(ops: readonly Op[]): Stop[] {
  let before = 0
  return minutesOf(ops).map((m) => {
    const inside = ops.filter((o) => o.seq > before && o.seq <= m.seq)
    before = m.seq
    const people = new Set(inside.map((o) => o.by).filter((p) => p !== ''))
    return { seq: m.seq, at: m.at, by: '', text: `${plural(inside.length, 'step')} by ${plural(people.size, 'person', 'people')}` }
  })
}

/** clockOf is when something was done, as a clock shows it. */
function clockOf(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
}

/** So many lines of the log are shown around the one where the slider stands. */
const around = 60

function Log({ model, stops, index, onGo }: { model: BoardModel; stops: Stop[]; index: number; onGo: (i: number) => void }) {
  const ref = useRef<HTMLOListElement>(null)
  const first = Math.max(0, index - around)
  const shown = stops.slice(first, index + around)
  useEffect(() => ref.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }), [index])
  return (
    <ol class="plain-list replay-log" ref={ref} aria-label="Who did what" tabIndex={0}>
      {shown.map((s, i) => (
        <li key={s.seq}><button type="button" class="note-button" aria-current={first + i === index ? 'step' : undefined} onClick={() => onGo(first + i)}><span class="hint badge">{clockOf(s.at)}</span><span class="note-title">{s.by === '' ? '' : nameOf(model, s.by) + ' '}{s.text}</span></button></li>
      ))}
    </ol>
  )
}
