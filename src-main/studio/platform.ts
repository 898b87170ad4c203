/** System and processor, as people read it and as the doctor's report names it: `linux x64`. */
export const platform = `${process.platform} ${process.arch}`;
