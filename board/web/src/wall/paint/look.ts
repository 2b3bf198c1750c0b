import { inks, type Theme } from '../../model/kinds'
import type { Camera, View } from '../camera'
import type { Letters } from '../type'

/** Look is all that a picture of the wall depends on beside the notes. */
export interface Look {
  theme: Theme
  ink: (typeof inks)[Theme]
  camera: Camera
  view: View
  /** device pixels per CSS pixel */
  density: number
  letters: Letters
  level: Level
  /** while the view moves on a slow machine, shadows are left out */
  light: boolean
}

/** Level is how much of a note is drawn: far, its colour; mid, its text too; near, everything. */
export type Level = 'far' | 'mid' | 'near'

export function levelOf(zoom: number): Level {
  return zoom < 0.2 ? 'far' : zoom < 0.5 ? 'mid' : 'near'
}

/** place makes the canvas draw in board pixels. */
export function place(g: CanvasRenderingContext2D, l: Look): void {
  const k = l.camera.zoom * l.density
  g.setTransform(k, 0, 0, k, -l.camera.x * k, -l.camera.y * k)
}

/** hair returns how many board pixels so many pixels of the screen are, but not less than so many board pixels. */
export function hair(l: Look, screen: number, board = 0): number {
  return Math.max(board, screen / l.camera.zoom)
}

/** mixed returns a colour between two that are written #rrggbb. */
export function mixed(a: string, b: string, part: number): string {
  const x = parseInt(a.slice(1), 16)
  const y = parseInt(b.slice(1), 16)
  const c = [16, 8, 0].map((s) => Math.round(((x >> s) & 255) * (1 - part) + ((y >> s) & 255) * part))
  return `#${c.map((v) => v.toString(16).padStart(2, '0')).join('')}`
}
