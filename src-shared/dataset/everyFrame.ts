/** Every so many frames of an animation are taken where nothing else is asked for: those that follow each other closely are nearly the same picture. */
export const usualEveryFrame = 5;
