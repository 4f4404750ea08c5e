/** What keeps a server from starting, as a sentence for the operator. */
export class StartRefusal extends Error {
  readonly next: string | undefined;
  constructor(message: string, next?: string) {
    super(message);
    this.next = next;
  }
}

export function portRefusal(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const place = `${host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartRefusal(
        `Something else listens on ${place} already.`,
        'Stop it, or choose another one: --http 127.0.0.1:8081',
      );
    case 'EACCES':
      return new StartRefusal(`This user may not listen on ${place}.`, 'Choose a port above 1023 with --http.');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartRefusal(`This machine has no address ${host}.`, 'Choose another one with --http.');
    default:
      return error;
  }
}
