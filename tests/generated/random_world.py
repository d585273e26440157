"""Random rows for all tables of an installation."""
import random
from decimal import Decimal

import nasty
import tables

CATEGORIES = ["fully_funded", "self_funded"]
CURRENCIES = ["IDR", "USD", "idr", "Idr", "EUR", "€", "円", "", "=A", "+6", "a,", "Rp"]
PAYMENT_CATEGORIES = ["registration", "program_fee_1", "program_fee_2", "Registration",
                      "registration ", "", "=fee"]
METHOD_NAMES = ["Midtrans", "Transfer Manual", "midtrans", "QRIS", ""]
REF_CODES = ["REF1", "ref1", "REF1 ", "AMB-007", "ÄMB", "AMB", "REF2", "=REF", "", "👍", "ref\x001"]
LARGEST_ID = 4294967295
# columns that may have bytes that are no text
BREAKABLE = [
    ("participants", "full_name"), ("participants", "institution"), ("participants", "category"),
    ("participants", "current_address"), ("participants", "experiences"), ("users", "email"),
    ("programs", "name"), ("program_essays", "question"), ("participant_essays", "answer"),
    ("program_payments", "category"), ("payment_methods", "name"), ("payments", "order_id"),
    ("payments", "notes"), ("ambassadors", "name"), ("ambassadors", "notes")]


class World:
    """Rows by table, each a dict of its columns; what the databases are to be like."""

    def __init__(self, seed, number):
        self.rng = random.Random(f"{seed}/world/{number}")
        rng = self.rng
        self.rows = {}
        self.fractions = rng.random() < 0.25
        self.indexes = rng.random() < 0.7
        self.largest_id = rng.choice([LARGEST_ID, LARGEST_ID, 2 ** 53 + 1, 2 ** 63 - 1])
        self.big = self.largest_id > LARGEST_ID
        self.broken = self.choose_broken()
        self.is_long, self.is_rich = rng.random() < 0.5, rng.random() < 0.4
        self.sqlite_collations = self.collations(tables.SQLITE_COLLATIONS)
        self.mysql_collations = self.collations(tables.MYSQL_COLLATIONS)
        self.moments = [self.make_moment() for _ in range(rng.randint(3, 40))]
        self.days = [m[:10] for m in self.moments] + rng.sample(nasty.DAYS, 5)
        self.days.append(rng.choice(nasty.PARTIAL_DAYS))
        # some rows in each world have few different values, so that sorts have ties
        self.few = {}
        self.fill()

    def collations(self, known):
        if self.rng.random() < 0.5:
            return dict.fromkeys(tables.TABLES, known[0])
        if self.rng.random() < 0.5:
            return dict.fromkeys(tables.TABLES, self.rng.choice(known))
        return {table: self.rng.choice(known) for table in tables.TABLES}

    def choose_broken(self):
        """Columns by table."""
        made = {}
        if self.rng.random() < 0.35:
            for table, column in self.rng.sample(BREAKABLE, 6):
                made.setdefault(table, set()).add(column)
        return made

    def make_moment(self):
        rng = self.rng
        if rng.random() < 0.03:
            return f"{rng.choice(nasty.PARTIAL_DAYS)} {rng.choice(nasty.HOURS)}"
        if rng.random() < 0.25:
            day = rng.choice(nasty.DAYS)
        else:
            day = f"{rng.randint(2023, 2026)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        made = f"{day} {rng.choice(nasty.HOURS)}"
        if self.fractions and day < "9999" and rng.random() < 0.4:
            made += rng.choice([".500000", ".123000", ".999000", ".001000"])
        return made

    def moment(self):
        roll = self.rng.random()
        if roll < 0.08:
            return None
        return nasty.ZERO_MOMENT if roll < 0.11 else self.rng.choice(self.moments)

    def day(self):
        roll = self.rng.random()
        if roll < 0.10:
            return None
        return nasty.ZERO_DAY if roll < 0.13 else self.rng.choice(self.days)

    def money(self):
        rng = self.rng
        roll = rng.random()
        if roll < 0.10:
            return None
        if self.is_rich and roll < 0.6:
            return Decimal("9999999999999.99")
        if roll < 0.5:
            return Decimal(rng.choice(nasty.AMOUNTS))
        return Decimal(rng.randint(-10, 400) * 5000) / 100

    def tiny(self, column):
        rng = self.rng
        if column == "is_deleted":
            return rng.choices([0, 1, 2, -1], [85, 13, 1, 1])[0]
        if column == "is_active":
            return rng.choices([1, 0, 2, -1], [70, 25, 3, 2])[0]
        if column == "is_verified":
            return rng.choices([1, 0, 2], [60, 35, 5])[0]
        if column == "status":
            return rng.choices([0, 1, 2, 3, 4, 5, -1, 127], [15, 15, 40, 10, 10, 5, 3, 2])[0]
        return rng.choices([0, 1, 2, 3, -128], [30, 30, 30, 5, 5])[0]

    def text(self, table, column, most):
        def one():
            return nasty.text_or_null(self.rng, most, self.may_break(table, column))

        few = self.few.setdefault((table, column), self.rng.random() < 0.15 and
                                  [one() for _ in range(3)])
        return self.rng.choice(few) if few else one()

    def may_break(self, table, column):
        return column in self.broken.get(table, ())

    def filled(self, table, column, most):
        """A text where there is always one."""
        return nasty.text(self.rng, most, self.may_break(table, column))

    def value(self, table, column, kind):
        if kind == "moment":
            return self.moment()
        if kind == "day":
            return self.day()
        if kind == "money":
            return self.money()
        if kind == "tiny":
            return self.tiny(column)
        if kind == "int":
            return self.rng.choice([0, 0, 1, 2, 3, 5, -1, 2147483647])
        if kind == "long":
            if self.is_long and self.rng.random() < 0.02:
                return nasty.long_text(self.rng)
            return self.text(table, column, 800)
        return self.text(table, column, kind)

    def add(self, table, number, **given):
        row = {column: given[column] if column in given else
               number if kind == "key" else self.value(table, column, kind)
               for column, kind in tables.TABLES[table]}
        self.rows[table].append(row)
        return row

    def ids(self, count):
        """Ascending ids with gaps, now and then the largest there is."""
        rng = self.rng
        number, made = rng.choice([0, 0, 100, 99998]), []
        for _ in range(count):
            number += rng.choice([1, 1, 1, 2, 7])
            made.append(number)
        if made and rng.random() < 0.1:
            made[-1] = self.largest_id
        return made

    def one_of(self, table, orphans=0.08):
        """The id of a row of @table, or of none."""
        rows, rng = self.rows[table], self.rng
        if not rows or rng.random() < orphans:
            return rng.choice([0, 999999, self.largest_id - 1])
        return rng.choice(rows)["id"]

    def maybe(self, value, share=0.07):
        return None if self.rng.random() < share else value

    def code(self, known, share=0.08, is_broken=False):
        """One of the known values, a broken form of it, or anything."""
        rng, roll = self.rng, self.rng.random()
        if is_broken and roll > 0.9:
            return nasty.text(rng, 30, is_broken)
        if roll < share:
            return None
        if roll < 2 * share:
            return nasty.broken(rng, rng.choice([k for k in known if k]))
        if roll < 2.5 * share:
            return nasty.text(rng, 30)
        return rng.choice(known)

    def payment_category(self):
        return self.rng.choice(PAYMENT_CATEGORIES) if self.rng.random() < 0.8 else (
            self.filled("program_payments", "category", 64))

    def question(self):
        """Short enough for a header even with its escapes, or too long for one."""
        return self.rng.choice(["", "Why\x00not?", "Why? " * 60]) if self.rng.random() < 0.15 else (
            self.filled("program_essays", "question", 30))

    def fill(self):
        rng = self.rng
        for table in tables.TABLES:
            self.rows[table] = []
        for number in range(1, rng.choice([1, 2, 2, 3, 3, 4])):
            self.add("programs", number, name=self.filled("programs", "name", 255))
        for number in rng.sample([1, 2, 3, 77], rng.randint(0, 3)):
            self.add("payment_methods", number, name=rng.choice(METHOD_NAMES) if rng.random() < 0.7
                     else self.filled("payment_methods", "name", 100))
        count = rng.choices([0, 1, 2, 7, 25, 40, 70, 150], [3, 4, 5, 8, 20, 30, 20, 10])[0]
        for number in self.ids(max(1, count)):
            self.add("users", number, email=f"u{number}@example.org" if rng.random() < 0.5 else
                     self.filled("users", "email", 60))
        for number in self.ids(rng.randint(0, 6)):
            self.add("program_essays", number, program_id=self.maybe(self.one_of("programs")),
                     question=self.question())
        for number in self.ids(rng.randint(0, 5)):
            self.add("program_payments", number, program_id=self.maybe(self.one_of("programs")),
                     name=nasty.text(rng, 60), category=self.payment_category())
        self.fill_participants(count)
        self.fill_essays()
        self.fill_payments()
        for number in self.ids(rng.choices([0, 1, 3, 8, 15, 30], [5, 5, 15, 25, 25, 25])[0]):
            self.add("ambassadors", number, ref_code=self.code(REF_CODES),
                     program_id=self.maybe(self.one_of("programs")))
        for rows in self.rows.values():
            rng.shuffle(rows)

    def fill_participants(self, count):
        is_broken = self.may_break("participants", "category")
        for number in self.ids(count):
            self.add("participants", number, user_id=self.maybe(self.one_of("users")),
                     category=self.code(CATEGORIES, is_broken=is_broken),
                     ref_code_ambassador=self.code(REF_CODES),
                     program_id=self.maybe(self.one_of("programs", 0.03)))
        people = [p["id"] for p in self.rows["participants"] if self.rng.random() < 0.8]
        for number, person in zip(self.ids(len(people)), people):
            self.add("participant_statuses", number, participant_id=person)

    def related(self):
        """Participants, each as often as it has related rows of one kind."""
        rng = self.rng
        many = rng.choices([0, 1, 2, 3], [5, 30, 40, 25])[0]
        people = []
        for participant in self.rows["participants"]:
            count = rng.choice([0, many, many, rng.randint(0, 4), rng.randint(0, 12)])
            people += [participant["id"]] * count
        return people + [999999] * rng.randint(0, 2)

    def fill_essays(self):
        rng, people = self.rng, self.related()
        for number, person in zip(self.ids(len(people)), people):
            self.add("participant_essays", number, participant_id=person,
                     program_essay_id=self.one_of("program_essays"))

    def fill_payments(self):
        rng, people = self.rng, self.related()
        for number, person in zip(self.ids(len(people)), people):
            self.add("payments", number, participant_id=person,
                     program_payment_id=self.maybe(self.one_of("program_payments")),
                     payment_method_id=self.maybe(rng.choice([1, 2, 3, 77, 9])),
                     currency=self.maybe(rng.choice(CURRENCIES)))
