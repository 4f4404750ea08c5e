/**
 * Tells what an emulator answers by itself (device attributes, cursor position, mode and colour reports, focus) from what
 * a person types. Needed while history is parsed: a question in old output was answered when it was new, and answering
 * it again would type into the shell (V32). The emulator's public interface gives both through one event, so we go by
 * shape: every answer of xterm.js 6 is a CSI with one of few final letters, or a DCS, OSC or APC string. A key with the
 * same bytes (Shift+F3) is swallowed too, for the milliseconds history takes.
 */
const CSI_REPLY = /^\x1b\[(?:[?>=]?[\d;:]*(?:c|n|R|u|x|t)|\??[\d;]*\$y|[IO])$/;
const STRING_REPLY = /^\x1b[P\]_^X][\s\S]/;
const BARE_TERTIARY = /^[\d;]*c$/;

export function looksLikeReply(data: string): boolean {
  return CSI_REPLY.test(data) || STRING_REPLY.test(data) || BARE_TERTIARY.test(data);
}
