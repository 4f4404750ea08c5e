import { bundleScreenWorker } from '../../../test/fixtures/screen-worker-bundle.js';
import { describeScreensContract } from '../../gateway/ports/screens.contract.js';
import { createHeadlessEmulator } from './headless-emulator.js';
import { createScreenWorkers } from './screen-workers.js';

const worker = bundleScreenWorker();

describeScreensContract('worker threads', async () => ({
  screens: createScreenWorkers({ worker: await worker, workers: 2 }),
  look(snapshot) {
    const emulator = createHeadlessEmulator(snapshot.size);
    emulator.restore(snapshot);
    emulator.write(snapshot.tail);
    return emulator
      .view()
      .normal.rows.map(({ cells }) =>
        cells
          .map(({ text }) => text || ' ')
          .join('')
          .trimEnd(),
      )
      .filter(Boolean)
      .join('|');
  },
}));
