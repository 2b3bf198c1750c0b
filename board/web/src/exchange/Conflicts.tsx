import { useEffect, useRef, useState } from 'preact/hooks'
import { Trouble } from '../details/parts'
import type { Conflict } from '../model/types'
import type { SideBySide } from './sides'

/** Conflicts shows what was changed on the disk and on the board at the same place, and takes a decision for each file. */
export function Conflicts({ conflicts, error, onSettle, onLeave }: { conflicts: Conflict[]; error: string; onSettle: (chosen: Map<string, string>) => void; onLeave: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [chosen, set] = useState<ReadonlyMap<string, string>>(new Map())
  const [at, setAt] = useState(0)
  const conflict = conflicts[Math.min(at, conflicts.length - 1)]!
  useEffect(() => dialog.current?.showModal(), [])
  const choose = (text: string) => set(new Map([...chosen, [conflict.path, text]]))
  const open = conflicts.length - chosen.size
  return (
    <dialog ref={dialog} class="conflicts" aria-labelledby="conflicts-title" onClose={onLeave}>
      <header>
        <h2 id="conflicts-title">Changed on the disk, too</h2>
        <p>Since the board was landed last, {conflicts.length === 1 ? 'a file was' : 'files were'} changed on the disk at places that were changed here as well. Nothing is written until you have decided.</p>
        {conflicts.length > 1 && (
          <div class="row" role="group" aria-label="Files">
            {conflicts.map((c, i) => <button key={c.path} type="button" aria-pressed={i === at} onClick={() => setAt(i)}>{c.path} {chosen.has(c.path) ? '✓' : ''}</button>)}
          </div>
        )}
      </header>
      <Sides key={conflict.path} conflict={conflict} decided={chosen.get(conflict.path)} onChoose={choose} />
      <details class="conflict-base">
        <summary>As it was when both began</summary>
        <pre tabIndex={0}>{conflict.base}</pre>
      </details>
      <Trouble text={error} />
      <footer class="row apart">
        <button type="button" onClick={() => dialog.current?.close()}>Decide later</button>
        <span class="row"><span class="hint" role="status">{open === 0 ? 'All decided.' : `${open} to decide`}</span><button type="button" class="primary" disabled={open > 0} onClick={() => onSettle(new Map(chosen))}>Land this</button></span>
      </footer>
    </dialog>
  )
}

function Sides({ conflict, decided, onChoose }: { conflict: Conflict; decided: string | undefined; onChoose: (text: string) => void }) {
  const host = useRef<HTMLDivElement>(null)
  const sides = useRef<SideBySide | null>(null)
  const [failed, fail] = useState(false)
  useEffect(() => {
    let dropped = false
    const at = host.current
    if (!at) return
    import('./sides').then((m) => { if (!dropped) sides.current = new m.SideBySide(at, conflict.theirs, decided ?? conflict.mine) }, () => fail(true))
    return () => {
      dropped = true
      sides.current?.close()
    }
  }, [conflict])
  const set = (text: string) => {
    sides.current?.set(text)
    onChoose(text)
  }
  return (
    <div class="conflict-sides">
      <div class="conflict-names" aria-hidden="true"><span>{conflict.path} on the disk</span><span>What will be written: the board’s, as you edit it</span></div>
      {failed ? <div class="conflict-plain"><pre tabIndex={0}>{conflict.theirs}</pre><pre tabIndex={0}>{conflict.mine}</pre></div> : <div ref={host} class="conflict-host" onKeyDown={(e) => { if (e.key !== 'Escape') e.stopPropagation() }} />}
      <div class="row">
        <button type="button" onClick={() => set(conflict.mine)}>Keep the board’s</button>
        <button type="button" onClick={() => set(conflict.theirs)}>Take the disk’s</button>
        <button type="button" disabled={failed} onClick={() => sides.current && onChoose(sides.current.text())}>Take it as edited</button>
        {decided !== undefined && <span class="hint" role="status">Decided: {decided === conflict.mine ? 'the board’s' : decided === conflict.theirs ? 'the disk’s' : 'as edited'}</span>}
      </div>
    </div>
  )
}
