/** Makes a thing whose `$derived` fields outlive the component that asks for it: they die with the effect they are made under, here with none. */
export function underOwnRoot<Thing>(make: () => Thing): Thing {
  let thing: Thing | undefined;
  $effect.root(() => {
    thing = make();
  });
  return thing as Thing;
}
