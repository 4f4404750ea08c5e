import type { Command } from 'commander';
import { type CommonOptions, gatewayOf, remote } from '../command-options.js';
import { type ExportOptions, writeExport } from '../export-file.js';
import { findSession } from '../finding.js';
import { printJson, tell } from '../terminal.js';

interface EvidenceOptions extends CommonOptions, ExportOptions {
  readonly output?: string;
}

export function addRecordingEvidenceCommand(recording: Command): void {
  remote(
    recording
      .command('evidence <id>')
      .description('write one HTML file that plays and verifies the recording offline, with all that concerns it')
      .option('-o, --output <file>', 'the file to write; standard output when none is named')
      .option('--force', 'replace the file when it exists'),
  )
    .addHelpText('before', 'Example: sallyport recording evidence s7k2q4 -o case-117.html\n')
    .action(writeEvidence);
}

async function writeEvidence(id: string, options: EvidenceOptions): Promise<void> {
  const gateway = gatewayOf(options);
  const session = await findSession(gateway, id);
  const { output: file } = options;
  const bytes = await writeExport(file, options, () => gateway.download(`recordings/${session.id}/evidence`, {}));
  if (bytes === undefined) return;
  if (options.json === true) printJson({ file, bytes });
  else tell(`Wrote ${file} (${bytes} bytes). Open it in a browser; it needs no network.`);
}
