import { describeKeyInspectorContract } from '../../../gateway/ports/key-inspector.contract.js';
import { inspectPrivateKey } from './private-key.js';

describeKeyInspectorContract('ssh2 and node:crypto', inspectPrivateKey);
