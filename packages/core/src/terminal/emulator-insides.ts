/** What of @xterm/headless and @xterm/xterm 6.0.0 lies behind their public types. */
export interface ExtendedInsides {
  readonly _ext: number;
  readonly underlineColor: number;
  readonly urlId: number;
}
export interface LineInsides {
  readonly isWrapped: boolean;
  /** Three words a cell: content, foreground, background. */
  readonly _data: Uint32Array;
  readonly _extendedAttrs: Readonly<Record<number, ExtendedInsides | undefined>>;
  getWidth(x: number): number;
  getString(x: number): string;
}
export interface BufferInsides {
  readonly lines: { readonly maxLength: number; readonly length: number; get(index: number): LineInsides | undefined };
  readonly ybase: number;
  readonly x: number;
  readonly y: number;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedCurAttrData: { readonly fg: number; readonly bg: number };
  readonly savedCharset: object | undefined;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly tabs: Readonly<Record<number, boolean | undefined>>;
}
export interface ColourChange {
  readonly type: number;
  readonly index?: number;
  readonly color?: readonly [number, number, number];
}
export interface CoreInsides {
  writeSync(data: string | Uint8Array): void;
  readonly _bufferService: {
    readonly cols: number;
    readonly rows: number;
    readonly buffers: { readonly normal: BufferInsides; readonly alt: BufferInsides; readonly active: BufferInsides };
  };
  readonly _inputHandler: {
    readonly _curAttrData: { readonly fg: number; readonly bg: number; readonly extended: ExtendedInsides };
    readonly _windowTitle: string;
    readonly _iconName: string;
    readonly _parser: { readonly currentState: number; readonly precedingJoinState: number };
    onColor(listener: (changes: readonly ColourChange[]) => void): unknown;
  };
  readonly _charsetService: {
    readonly charset: object | undefined;
    readonly glevel: number;
    readonly _charsets: readonly (object | undefined)[];
  };
  readonly _oscLinkService: { getLinkData(id: number): { readonly uri: string; readonly id?: string } | undefined };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly modes: { readonly insertMode: boolean };
    readonly decPrivateModes: {
      readonly applicationCursorKeys: boolean;
      readonly applicationKeypad: boolean;
      readonly bracketedPasteMode: boolean;
      readonly cursorBlink: boolean | undefined;
      readonly cursorStyle: 'block' | 'underline' | 'bar' | undefined;
      readonly origin: boolean;
      readonly reverseWraparound: boolean;
      readonly sendFocus: boolean;
      readonly synchronizedOutput: boolean;
      readonly wraparound: boolean;
    };
  };
  readonly coreMouseService: {
    readonly activeProtocol: 'NONE' | 'X10' | 'VT200' | 'DRAG' | 'ANY';
    readonly activeEncoding: 'DEFAULT' | 'SGR' | 'SGR_PIXELS';
  };
  readonly optionsService: { readonly rawOptions: { readonly convertEol: boolean; readonly cursorBlink: boolean } };
}
