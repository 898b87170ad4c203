const PICTURE = /(?:^|\/)[^/]*(?:\.(?:a?png|jpe?g|jpe|jfif|webp|avif|gif|tiff?|bmp)|[^./]{8})$/i;

/** Whether a file is likely a picture, by its name: it ends like one, or long and without an ending, like those that are named by their content. */
export const isPictureName = (name: string): boolean => PICTURE.test(name);
