import { connect, type Socket } from 'node:net'

/** An HTTP/1.1 reply as it came: `head` is the status line and headers, `body` what follows. */
export interface Reply {
  status: number
  head: string
  body: Buffer
}

export type ReplyHandler = (error: Error | null, reply?: Reply) => void

/** Keep-alive connections to one port, one request at a time on each. */
export interface ConnectionPool {
  /** Sends a whole request as text or bytes; `done` is called exactly once. */
  send(request: string | Buffer, done: ReplyHandler): void
  waiting(): number
  close(): void
}

interface Connection {
  socket: Socket
  done: ReplyHandler | null
  received: Buffer | null
}

/**
 * A client that reads just the HTTP/1.1 that this bench's own servers write: replies with `content-length`.
 * Node's own client takes several times the processor time, and the whole bench may use half a core.
 * Above `limit` requests at once, `send` fails at once rather than queue without bound.
 */
export function openConnectionPool(port: number, limit = 1024): ConnectionPool {
  const idle: Connection[] = []
  const open = new Set<Connection>()
  let busy = 0

  const finish = (connection: Connection, error: Error | null, reply?: Reply) => {
    const { done } = connection
    connection.done = null
    if (done === null) return
    busy--
    done(error, reply)
  }

  const dial = (): Connection => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const connection: Connection = { socket, done: null, received: null }
    open.add(connection)
    let failure = new Error('the connection was closed before the reply')
    socket.on('error', (error) => {
      failure = error
    })
    socket.on('close', () => {
      open.delete(connection)
      const at = idle.indexOf(connection)
      if (at >= 0) idle.splice(at, 1)
      finish(connection, failure)
    })
    socket.on('data', (chunk) => {
      const bytes = connection.received === null ? chunk : Buffer.concat([connection.received, chunk])
      const reply = readReply(bytes)
      connection.received = reply === null ? bytes : null
      if (reply === null) return
      if (connection.done !== null && socket.writable) idle.push(connection)
      finish(connection, null, reply)
    })
    return connection
  }

  return {
    send(request, done) {
      if (busy >= limit) return done(new Error(`more than ${limit} requests at once`))
      busy++
      const connection = idle.pop() ?? dial()
      connection.done = done
      connection.socket.write(request)
    },
    waiting: () => busy,
    close() {
      for (const { socket } of open) socket.destroy()
    },
  }
}

/** The reply at the start of `bytes`, or null while a part of it is missing. */
function readReply(bytes: Buffer): Reply | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = bytes.toString('latin1', 0, end + 2)
  const status = Number(head.slice(9, 12))
  const length = Number(/\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1] ?? 0)
  const start = end + 4
  return bytes.length < start + length ? null : { status, head, body: bytes.subarray(start, start + length) }
}
