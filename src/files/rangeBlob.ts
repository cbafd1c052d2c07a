/** Reads bytes from `start` to before `end` of a file, all of them. */
type ReadRange = (start: number, end: number) => Promise<ArrayBuffer>;

const streamBytes = 4 * 2 ** 20;

/**
 * A file of which only the parts that are read are loaded, wherever it lies. It is a Blob to those who slice and read
 * it; it can't be handed to another thread, to a decoder, or into another Blob.
 */
export class RangeBlob extends Blob {
  override readonly size: number;

  constructor(
    private readonly read: ReadRange,
    private readonly start: number,
    private readonly end: number,
  ) {
    super();
    this.size = end - start;
  }

  override slice(start = 0, end = this.size): Blob {
    const from = this.start + clamp(start, this.size);
    return new RangeBlob(this.read, from, Math.max(from, this.start + clamp(end, this.size)));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.size === 0 ? new ArrayBuffer(0) : this.read(this.start, this.end);
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = this.start;
    return new ReadableStream({
      pull: async (controller) => {
        const next = Math.min(this.end, at + streamBytes);
        if (next > at) controller.enqueue(new Uint8Array(await this.read(at, next)));
        else controller.close();
        at = next;
      },
    });
  }
}

/** As Blobs count: from the end where negative. */
function clamp(offset: number, size: number): number {
  return Math.min(size, Math.max(0, offset < 0 ? size + offset : offset));
}
