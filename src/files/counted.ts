type Bytes = Uint8Array<ArrayBuffer>;

/** The same stream, which tells how many bytes have passed; it breaks off where `onBytes` throws. */
export function counted(
  stream: ReadableStream<Bytes>,
  onBytes: (passed: number) => void,
): ReadableStream<Bytes> {
  let passed = 0;
  return stream.pipeThrough(
    new TransformStream<Bytes, Bytes>({
      transform(bytes, controller) {
        passed += bytes.length;
        onBytes(passed);
        controller.enqueue(bytes);
      },
    }),
  );
}
