// Somebody guesses passwords of an account. They are slowed down; its owner, on a browser that is known, is not.
import { PASSWORD, address } from "../harness/city.mjs";
import { knock } from "../harness/people.mjs";
import { journey } from "../harness/journey.mjs";

export default function guessing(t) {
  return journey(t, {}, async (way) => {
    const owner = await way.visitor({ width: 360 });
    await knock(owner, way.origin, address("unit"), PASSWORD);
    await owner.getByRole("button", { name: "Keluar" }).click();
    const guesser = await way.visitor({ width: 360 });
    for (let guess = 1; guess <= 11; guess += 1) {
      await knock(guesser, way.origin, address("unit"), `tebakan nomor ${guess}`);
      const words = guess <= 5 ? "tidak cocok" : "Terlalu banyak percobaan";
      await way.says(guesser, `guess ${guess}`, words);
    }
    await knock(guesser, way.origin, address("unit"), PASSWORD);
    await way.says(guesser, "even the right password", "Terlalu banyak percobaan");
    await way.look(guesser, "slowed-down");
    await knock(owner, way.origin, address("unit"), PASSWORD);
    await way.at(owner, "/akun");
    await knock(guesser, way.origin, address("sekda"), PASSWORD);
    way.is("somebody else at the same address is not slowed down", !guesser.url().endsWith("/masuk"), guesser.url());
  });
}
