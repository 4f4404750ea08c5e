/** Pictures of what is in sight: as watching, drawn once for all, and for nobody when nobody looks. */
import type { Tile } from '@sallyport/core/wire/watch-frames.js';
import { describe, expect, it } from 'vitest';
import { alice, bob, lin, memoryGateway, settled, wang } from '../../../test/fixtures/memory-gateway.js';

function viewer() {
  const tiles: Tile[] = [];
  return { tiles, busy: false, tile: (tile: Tile) => void tiles.push(tile) };
}
const words = (tile: Tile | undefined): string =>
  (tile?.picture.lines ?? []).map((runs) => runs.map(({ text }) => text).join('')).join('\n');

async function wall() {
  const { gateway, clock, actions, open, shells } = memoryGateway();
  const { id, told } = await open();
  await settled();
  /** Half seconds go by. */
  const rounds = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      clock.advance(500);
      await settled();
    }
  };
  return { gateway, clock, actions, open, id, told, shell: shells[0]!, rounds };
}

describe('the live wall', () => {
  it('W1: shows what is in sight at once and when it has changed, twice a second at most', async () => {
    const { gateway, id, shell, rounds } = await wall();
    const sees = viewer();
    gateway.wall(lin, sees).want([id]);
    await settled();
    expect(sees.tiles).toHaveLength(1);
    await rounds(5);
    expect(sees.tiles).toHaveLength(1); // nothing was printed
    for (let n = 0; n < 100; n++) shell.print(`line ${n}\r\n`);
    await rounds(1);
    expect([sees.tiles.length, words(sees.tiles.at(-1))]).toEqual([2, expect.stringContaining('line 99')]);
  });

  it('one picture serves all who look, and who comes later has the last one at once', async () => {
    const { gateway, id, shell, rounds } = await wall();
    const [first, second] = [viewer(), viewer()];
    gateway.wall(lin, first).want([id]);
    await settled();
    shell.print('hello');
    await rounds(1);
    gateway.wall(wang, second).want([id]);
    await settled();
    expect(second.tiles).toHaveLength(1);
    expect(second.tiles[0]).toBe(first.tiles.at(-1));
  });

  it('W7: to have it in sight is to watch it: audited once, told, over five seconds after it left the sight', async () => {
    const { gateway, id, told, actions, clock } = await wall();
    const seat = gateway.wall(lin, viewer());
    seat.want([id]);
    await settled();
    expect(gateway.watchersOf(id)).toEqual(['lin']);
    expect(told.notices).toEqual([{ kind: 'watched', names: ['lin'] }]);
    seat.want([]);
    clock.advance(4_000);
    seat.want([id]); // scrolled back
    clock.advance(10_000);
    await settled();
    expect([gateway.watchersOf(id), actions('session.watch').length]).toEqual([['lin'], 1]);
    seat.want([]);
    clock.advance(5_000);
    await settled();
    expect([gateway.watchersOf(id), actions('session.watch-end')]).toMatchObject([
      [],
      [{ actor: 'lin', detail: { wall: true, seconds: 19 } }],
    ]);
  });

  it('W5: whoever may not sees nothing, and asking again and again is one refusal in half a minute', async () => {
    const { gateway, id, actions, clock, rounds } = await wall();
    const sees = viewer();
    const seat = gateway.wall(bob, sees);
    for (let n = 0; n < 50; n++) {
      seat.want([id, '0'.repeat(26)]);
      await rounds(1);
    }
    expect([sees.tiles, actions('session.watch'), actions('access.denied').length]).toEqual([[], [], 1]);
    clock.advance(30_000);
    seat.want([id]);
    await settled();
    expect(actions('access.denied')).toHaveLength(2);
  });

  it('a viewer that does not take what it was sent is left out until it does, and nothing is kept for it', async () => {
    const { gateway, id, shell, rounds } = await wall();
    const sees = viewer();
    gateway.wall(lin, sees).want([id]);
    await settled();
    sees.busy = true;
    for (let n = 0; n < 10; n++) {
      shell.print(`step ${n}\r\n`);
      await rounds(1);
    }
    expect(sees.tiles).toHaveLength(1);
    sees.busy = false;
    await rounds(1);
    expect([sees.tiles.length, words(sees.tiles.at(-1))]).toEqual([2, expect.stringContaining('step 9')]);
  });

  it('S35: the end of a session ends its tile; a closed seat watches nothing and costs nothing', async () => {
    const { gateway, id, clock, rounds, actions, open } = await wall();
    const other = await open();
    await settled();
    const idle = clock.pending;
    const seat = gateway.wall(lin, viewer());
    seat.want([id, other.id]);
    await settled();
    await gateway.end(alice, id, {});
    await settled();
    expect(actions('session.watch-end')).toHaveLength(1);
    seat.close();
    await rounds(2);
    expect([gateway.watchersOf(other.id), actions('session.watch-end').length]).toEqual([[], 2]);
    clock.advance(31_000); // its screen is put away
    // What the other session itself has running: nothing of the wall is left.
    expect(clock.pending).toBeLessThan(idle);
  });

  it('a page gone while its right was being looked up watches nothing', async () => {
    const { gateway, id, actions } = await wall();
    const sees = viewer();
    const seat = gateway.wall(lin, sees);
    seat.want([id]);
    seat.close();
    await settled();
    expect([sees.tiles, gateway.watchersOf(id)]).toEqual([[], []]);
    expect(actions('session.watch').length).toBe(actions('session.watch-end').length);
  });
});
