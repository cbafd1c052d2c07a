/** Has V8 compile nothing: what runs often is compiled again and again, and its code lies in the heap, where it grows for hours. */
export const INTERPRETED = ['--no-sparkplug', '--no-maglev', '--no-opt'];
