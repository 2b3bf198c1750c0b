import type { ComponentChildren, ComponentProps } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** Popover is a button and what opens below it; it closes on Escape, and when something else is pressed. */
export function Popover({ label, button, children, ...rest }: { label: string; button: ComponentChildren; children: (close: () => void) => ComponentChildren } & Omit<ComponentProps<'button'>, 'children' | 'label'>) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    const outside = (e: Event) => { if (!box.current?.contains(e.target as Node)) setOpen(false) }
    document.addEventListener('pointerdown', outside)
    document.addEventListener('focusin', outside)
    return () => {
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('focusin', outside)
    }
  }, [open])
  const keys = (e: KeyboardEvent) => {
    if (e.key !== 'Escape' || !open) return
    e.preventDefault()
    setOpen(false)
    opener.current?.focus()
  }
  return (
    <div class="popover-box" ref={box} onKeyDown={keys}>
      <button ref={opener} type="button" {...rest} aria-label={label} aria-expanded={open} onClick={() => setOpen(!open)}>{button}</button>
      {open && <div class="popover" role="group" aria-label={label}>{children(() => setOpen(false))}</div>}
    </div>
  )
}
