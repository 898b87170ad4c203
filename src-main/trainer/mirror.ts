/** Mirrors a picture `[side, side, channels]` left to right, in place. */
export function mirror(picture: Float32Array, side: number, channels: number): void {
  const row = side * channels;
  for (let start = 0; start < picture.length; start += row) {
    for (let left = 0; left < side >> 1; left++) {
      const [a, b] = [start + left * channels, start + (side - 1 - left) * channels];
      for (let channel = 0; channel < channels; channel++) {
        const kept = picture[a + channel] as number;
        picture[a + channel] = picture[b + channel] as number;
        picture[b + channel] = kept;
      }
    }
  }
}
