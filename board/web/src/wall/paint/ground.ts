import type { Look } from './look'

const step = 32 // board pixels between two dots, doubled until they are far enough apart to be calm
const closest = 22 // CSS pixels
const tileSize = 64

let tile: HTMLCanvasElement | null = null
let tileColor = ''

/** paintGround fills the wall with its colour and its grid of dots. */
export function paintGround(g: CanvasRenderingContext2D, l: Look): void {
  const w = l.view.w * l.density
  const h = l.view.h * l.density
  g.setTransform(1, 0, 0, 1, 0, 0)
  g.fillStyle = l.ink.ground
  g.fillRect(0, 0, w, h)
  let gap = step
  while (gap * l.camera.zoom < closest) gap *= 2
  const pattern = g.createPattern(dot(l.theme === 'light' ? '#d9d2c1' : '#30343d'), 'repeat')
  if (!pattern) return
  const k = (gap * l.camera.zoom * l.density) / tileSize
  const shift = (v: number) => -(((v % gap) + gap) % gap) * l.camera.zoom * l.density
  pattern.setTransform(new DOMMatrix([k, 0, 0, k, shift(l.camera.x), shift(l.camera.y)]))
  g.fillStyle = pattern
  g.fillRect(0, 0, w, h)
}

function dot(color: string): HTMLCanvasElement {
  if (tile && tileColor === color) return tile
  tile = document.createElement('canvas')
  tile.width = tileSize
  tile.height = tileSize
  tileColor = color
  const g = tile.getContext('2d')!
  g.fillStyle = color
  g.beginPath()
  g.arc(2.6, 2.6, 2.4, 0, Math.PI * 2)
  g.fill()
  return tile
}
