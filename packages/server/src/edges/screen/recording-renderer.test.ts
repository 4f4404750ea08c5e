import { bundleScreenWorker } from '../../../test/fixtures/screen-worker-bundle.js';
import { describeRecordingRendererContract } from '../../gateway/ports/recording-renderer.contract.js';
import { createRecordingRenderer } from './recording-renderer.js';

describeRecordingRendererContract('in worker threads', async () =>
  createRecordingRenderer({ worker: await bundleScreenWorker('render-worker') }),
);
