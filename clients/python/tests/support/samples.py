# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Records of people who do not exist."""

from __future__ import annotations

from amnesty import (
    Aggregation,
    CaseRecord,
    Gravity,
    Nexus,
    Offence,
    OffenceSentence,
    Person,
    Recidivism,
    Sentence,
    SentenceKind,
    Stage,
)


def record(reference: str, *, term: str = "P2Y") -> CaseRecord:
    """In custody, riot, imprisonment: a cut that ends later, or a release."""
    return CaseRecord(
        reference=reference,
        person=Person(family_name="Үлгі", given_name="Сынақ", born_on="1990-02-03"),
        stage=Stage.SENTENCED,
        recidivism=Recidivism.NONE,
        objects_to_termination=False,
        offences=[
            Offence(
                id="1",
                article="272",
                part=2,
                gravity=Gravity.MEDIUM,
                committed_from="2022-01-05",
                committed_through="2022-01-05",
                territory="KZ",
                nexus=Nexus.RIOT,
                classes=[],
                sentence=OffenceSentence(kind=SentenceKind.IMPRISONMENT, term=term),
            )
        ],
        sentence=Sentence(
            imposed_on="2022-06-10",
            kind=SentenceKind.IMPRISONMENT,
            term=term,
            starts_on="2022-01-10",
            credit_days=0,
            aggregation=Aggregation.SINGLE,
        ),
        detained=True,
        unknowable=[],
        disputed=[],
    )
