import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** Stands between a process and its Postgres server, and cuts connections when told to. */
export interface PostgresProxy extends AsyncDisposable {
  /** Of the database behind it. */
  readonly url: string;
  /**
   * Cuts the connection of the next transaction that has a statement like this, once the server has committed it and
   * before its answer gets through: whoever sent COMMIT cannot know. Resolves when that has happened.
   */
  readonly cutAfterCommit: (statement: RegExp) => Promise<void>;
}

/** In front of the server of this `postgres://` address. */
export async function startPostgresProxy(url: string): Promise<PostgresProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const orders: Order[] = [];
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    relay(client, database, orders);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = new URL(url);
  address.port = String((server.address() as AddressInfo).port); // of a TCP server
  return {
    url: address.href,
    cutAfterCommit: (statement) =>
      new Promise((done) => {
        orders.push({ statement, done });
      }),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Order {
  readonly statement: RegExp;
  readonly done: () => void;
}

function relay(client: Socket, database: Socket, orders: Order[]): void {
  const readStatements = statementReader();
  /** Of the transaction that is open. */
  let statements: readonly string[] = [];
  /** What is being carried out: its answer does not get through. */
  let order: Order | undefined;
  client.on('data', (data) => {
    for (const statement of readStatements(data)) {
      if (statement === 'BEGIN') statements = [];
      statements = [...statements, statement];
      if (statement !== 'COMMIT') continue;
      const index = orders.findIndex((each) => statements.some((text) => each.statement.test(text)));
      if (index >= 0) [order] = orders.splice(index, 1);
    }
    database.write(data);
  });
  database.on('data', (data) => {
    if (order === undefined) {
      client.write(data);
      return;
    }
    // The server is ready for the next statement: it has committed.
    if (!data.subarray(-6).toString('latin1').startsWith('Z')) return;
    client.destroy();
    order.done();
  });
}

/** Takes in what a client sends, and gives the text of each statement in it. */
function statementReader(): (data: Buffer) => readonly string[] {
  let rest = Buffer.alloc(0);
  let hasStarted = false;
  return (data) => {
    rest = Buffer.concat([rest, data]);
    const statements: string[] = [];
    for (;;) {
      // The first message has no letter before its length.
      const letters = hasStarted ? 1 : 0;
      if (rest.length < letters + 4) return statements;
      const end = letters + rest.readUInt32BE(letters);
      if (rest.length < end) return statements;
      const kind = hasStarted ? rest.toString('latin1', 0, 1) : '';
      const body = rest.subarray(letters + 4, end).toString('utf8');
      // A query, or one that is prepared, whose name comes first.
      if (kind === 'Q') statements.push(body.split('\0')[0] ?? '');
      if (kind === 'P') statements.push(body.split('\0')[1] ?? '');
      hasStarted = true;
      rest = rest.subarray(end);
    }
  };
}
