/** memoryStorage is a storage like the browser's, of so many characters at most. */
export function memoryStorage(room = Infinity): Storage {
  const entries = new Map<string, string>()
  const size = () => [...entries].reduce((n, [k, v]) => n + k.length + v.length, 0)
  return {
    get length() { return entries.size },
    key: (i) => [...entries.keys()][i] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem(key, value) {
      if (size() + key.length + value.length > room) throw new Error('QuotaExceededError')
      entries.set(key, value)
    },
    removeItem: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  }
}
