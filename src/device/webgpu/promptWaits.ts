/**
 * Firefox looks whether work is done only every 100 ms, and whenever something is submitted: work of a millisecond is
 * waited for 50 ms on average, with this for 5. So while something is awaited, nothing is submitted again and again.
 */
export function waitPromptly(device: GPUDevice): void {
  const { queue } = device;
  const promptly = async (done: Promise<undefined>): Promise<undefined> => {
    queue.submit([]);
    const timer = setInterval(() => queue.submit([]), 4);
    try {
      return await done;
    } finally {
      clearInterval(timer);
    }
  };
  const isDone = queue.onSubmittedWorkDone.bind(queue);
  queue.onSubmittedWorkDone = () => promptly(isDone());
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const map = buffer.mapAsync.bind(buffer);
    buffer.mapAsync = (...range) => promptly(map(...range));
    return buffer;
  };
}
