/** Refused is why the server, or the page for it, has not done a command. */
export class Refused extends Error {
  constructor(readonly code: string, message: string) {
    super(message)
  }
}

interface Waiter { promise: Promise<void>; resolve: () => void; reject: (why: Error) => void }

const remembered = 500

/** Answers tells those who wait what has become of commands. */
export class Answers {
  private readonly waiters = new Map<string, Waiter>()
  private readonly refused = new Map<string, Refused>()

  /** of resolves when a command is done and rejects when it is refused; open says whether it is still under way. */
  of(id: string, open: boolean): Promise<void> {
    const why = this.refused.get(id)
    if (why) return Promise.reject(why)
    if (!open) return Promise.resolve()
    let waiter = this.waiters.get(id)
    if (!waiter) this.waiters.set(id, (waiter = waiting()))
    return waiter.promise
  }

  done(id: string): void {
    this.waiters.get(id)?.resolve()
    this.waiters.delete(id)
  }

  refuse(id: string, why: Refused): void {
    this.refused.set(id, why)
    if (this.refused.size > remembered) this.refused.delete(this.refused.keys().next().value!)
    this.waiters.get(id)?.reject(why)
    this.waiters.delete(id)
  }
}

function waiting(): Waiter {
  let resolve!: () => void
  let reject!: (why: Error) => void
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  promise.catch(() => undefined) // the user is told in any case
  return { promise, resolve, reject }
}
