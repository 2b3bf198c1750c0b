import { useEffect, useMemo, useRef } from 'preact/hooks'
import { typing } from '../actions/keys'
import type { BoardModel } from '../model/board'
import type { NoteKind } from '../model/types'
import { minimap } from '../shell'
import { registerWall } from './actions'
import { listenToClipboard } from './clipboard'
import { add } from './edits'
import { Pointer } from './gestures/pointer'
import { Menu } from './Menu'
import { Minimap } from './minimap'
import { Stage } from './stage'
import { Writing } from './writing'
import './wall.css'

/** Wall is the board as a wall of notes. */
export function Wall({ model }: { model: BoardModel }) {
  const stage = useMemo(() => new Stage(model), [model])
  const host = useRef<HTMLDivElement>(null)
  const wall = useRef<HTMLCanvasElement>(null)
  const overlay = useRef<HTMLCanvasElement>(null)
  const surface = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)

  useEffect(() => begin(stage, host.current!, wall.current!, overlay.current!, surface.current!, field.current!), [stage])
  useEffect(() => model.sayHere({ select: [...model.selection.value] }), [model, model.selection.value])

  const label = model.replaying.value === null ? 'Wall' : 'Wall, as it was'
  return (
    <div ref={host} class="wall" data-wall>
      <canvas ref={wall} class="wall-layer" aria-hidden="true" />
      <canvas ref={overlay} class="wall-layer" aria-hidden="true" />
      <div
        ref={surface} class="wall-layer wall-surface" data-surface data-cursor={stage.cursor.value} tabIndex={0} role="application" aria-label={label}
        aria-roledescription="wall of notes" aria-describedby="wall-help"
      />
      <p id="wall-help" class="wall-said">Alt and an arrow key go from note to note, Enter writes, Tab makes the next note, L links. Escape selects nothing: then Tab goes on. The list view has everything as text.</p>
      <textarea ref={field} class="wall-field" hidden spellcheck={false} autocomplete="off" maxLength={4000} />
      {stage.tip.value && <TipBox stage={stage} />}
      {stage.menu.value && <Menu stage={stage} at={stage.menu.value} />}
      {minimap.value && <MinimapBox stage={stage} />}
      <div class="wall-said" role="status" aria-live="polite">{stage.said.value}</div>
    </div>
  )
}

/** begin brings the wall to life on its elements, and returns how to end it. */
function begin(s: Stage, host: HTMLElement, wall: HTMLCanvasElement, overlay: HTMLCanvasElement, surface: HTMLElement, field: HTMLTextAreaElement): () => void {
  s.attach(wall, overlay)
  const measure = () => s.resize({ w: host.clientWidth, h: host.clientHeight }, Math.min(3, devicePixelRatio || 1))
  const sizes = new ResizeObserver(measure)
  sizes.observe(host)
  const pointer = new Pointer(s, surface)
  s.cancelDrag = () => pointer.cancel()
  const writing = new Writing(s, field, surface)
  const withdraw = registerWall(s)
  const undoers = [pointer.listen(), listenToClipboard(s, host), listenToSpace(s, pointer), showFocus(surface), listenToDrops(s, surface)]
  Object.assign(host, { stage: s }) // for the benchmark
  return () => {
    writing.stop()
    withdraw()
    for (const undo of undoers) undo()
    sizes.disconnect()
    s.stop()
    s.model.sayHere({ x: undefined, y: undefined, select: undefined, editing: undefined, draft: undefined, drag: undefined })
  }
}

/** showFocus shows that the wall has the keys once it is used by keys: a ring around all of it after each click would be noise. */
function showFocus(surface: HTMLElement): () => void {
  const stop = new AbortController()
  window.addEventListener('keydown', (e) => { if (e.key === 'Tab' || e.altKey) surface.dataset['keys'] = '' }, { signal: stop.signal, capture: true })
  window.addEventListener('pointerdown', () => delete surface.dataset['keys'], { signal: stop.signal, capture: true })
  return () => stop.abort()
}

/** listenToSpace: while Space is held, whatever is pressed takes hold of the wall. */
function listenToSpace(s: Stage, pointer: Pointer): () => void {
  const stop = new AbortController()
  const set = (down: boolean) => {
    pointer.space = down
    s.cursor.value = down ? 'grab' : 'default'
  }
  window.addEventListener('keydown', (e) => {
    if (e.key !== ' ' || e.repeat || typing(e.target) || !(e.target === document.body || (e.target as HTMLElement).closest('[data-surface]'))) return
    e.preventDefault()
    set(true)
  }, { signal: stop.signal })
  window.addEventListener('keyup', (e) => { if (e.key === ' ' && pointer.space) set(false) }, { signal: stop.signal })
  window.addEventListener('blur', () => { if (pointer.space) set(false) }, { signal: stop.signal })
  return () => stop.abort()
}

const kindType = 'application/x-landfall-kind'

/** listenToDrops: a paper that is dragged from the rail becomes a note where it is dropped. */
function listenToDrops(s: Stage, surface: HTMLElement): () => void {
  const stop = new AbortController()
  surface.addEventListener('dragover', (e) => {
    if (e.dataTransfer?.types.includes(kindType) && s.model.mayEdit()) e.preventDefault()
  }, { signal: stop.signal })
  surface.addEventListener('drop', (e) => {
    const kind = e.dataTransfer?.getData(kindType)
    if (!kind) return
    e.preventDefault()
    const r = surface.getBoundingClientRect()
    const gesture = s.model.newId()
    const id = add(s.model, s.scene, { kind: kind as NoteKind, at: s.board({ x: e.clientX - r.left, y: e.clientY - r.top }), gesture })
    s.model.select([id])
    s.write(id, gesture)
  }, { signal: stop.signal })
  return () => stop.abort()
}

function TipBox({ stage }: { stage: Stage }) {
  const box = useRef<HTMLDivElement>(null)
  const tip = stage.tip.value
  useEffect(() => {
    const el = box.current
    if (!el || !tip) return
    el.style.left = `${Math.max(8, Math.min(tip.x + 14, stage.view.w - el.offsetWidth - 8))}px`
    el.style.top = `${Math.max(8, Math.min(tip.y + 14, stage.view.h - el.offsetHeight - 8))}px`
  }, [tip, stage])
  return <div ref={box} class="wall-tip" role="tooltip">{tip?.lines.map((t) => <p key={t}>{t}</p>)}</div>
}

function MinimapBox({ stage }: { stage: Stage }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const map = new Minimap(stage, canvas.current!)
    return () => map.stop()
  }, [stage])
  return <canvas ref={canvas} class="wall-minimap" role="img" aria-label="Minimap" />
}
